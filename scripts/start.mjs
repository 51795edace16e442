// Installs the dependencies, builds, starts the playground and VS Code in the browser. Ctrl+C ends all of them.
import { fork, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installEditor, linkExtension, root, startEditor } from './lib/editor.mjs';
import { installDependencies } from './lib/install.mjs';
import { endTree, freePort, run } from './lib/process.mjs';
import { guidedSettings, portsOf, withPorts } from './lib/sample.mjs';

const say = (text) => console.log(text);
const home = join(root, '.cache', 'start');
const workspace = join(home, 'workspace');
const userData = join(home, 'user');
const endings = [];
let ending = false;

async function end(code) {
	if (ending) return;
	ending = true;
	await Promise.all(endings.map((one) => one().catch(() => {})));
	process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));

try {
	await installDependencies(say);
	say('Building.');
	const built = run(process.execPath, ['scripts/build.mjs'], { cwd: root });
	await installEditor(say);
	const { code, text } = await built;
	if (code !== 0) throw new Error(`The build failed:\n${text}`);
	const ports = await startPlayground();
	await prepareWorkspace(ports);
	const url = await openEditor();
	say(`\nMessaging Workbench is ready:\n\n    ${url}\n\nCtrl+C ends the editor and the playground.`);
	openBrowser(url);
} catch (error) {
	console.error(error.message);
	await end(1);
}

/** Resolves with the playground's ports: the usual ones, or free ones where those are busy. */
function startPlayground() {
	const args = ['--folder', join(home, 'playground')];
	const child = fork(join(root, 'dist', 'engine', 'playground.mjs'), args, { stdio: 'inherit' });
	endings.push(() => endTree(child));
	return new Promise((resolve, reject) => {
		child.once('message', (message) => resolve(portsOf(message.servers)));
		child.once('exit', (code) => (ending ? undefined : reject(new Error(`The playground ended with ${code}.`))));
	});
}

/** Copies sample/ once and puts the playground's present ports into its settings. */
async function prepareWorkspace(ports) {
	const memory = join(home, 'ports.json');
	if (!existsSync(workspace)) await cp(join(root, 'sample'), workspace, { recursive: true });
	const before = existsSync(memory) ? JSON.parse(await readFile(memory, 'utf8')) : {};
	const settings = join(workspace, '.vscode', 'settings.json');
	if (existsSync(settings)) {
		const text = await readFile(settings, 'utf8');
		const next = withPorts(text, ports, before);
		if (next !== text) await writeFile(settings, next);
	}
	await writeFile(memory, JSON.stringify(ports));
}

async function openEditor() {
	const settings = join(userData, 'User', 'settings.json');
	if (!existsSync(settings)) {
		await mkdir(join(userData, 'User'), { recursive: true });
		await writeFile(settings, `${JSON.stringify(guidedSettings, undefined, '\t')}\n`);
	}
	const extensionsDir = join(home, 'extensions');
	await linkExtension(extensionsDir);
	const port = await freePort(8080);
	const { url, child } = await startEditor({ port, userData, extensionsDir, folder: workspace });
	endings.push(() => endTree(child));
	child.once('exit', () => end(1));
	return url;
}

/** Opens the address where there is a screen. It is printed in any case. */
function openBrowser(url) {
	if (process.env.CI || process.env.SSH_CONNECTION) return;
	const openers = { darwin: ['open', [url]], win32: ['cmd', ['/c', 'start', '', url.replaceAll('&', '^&')]] };
	const screen = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
	const [command, args] = openers[process.platform] ?? (screen ? ['xdg-open', [url]] : []);
	if (command)
		spawn(command, args, { stdio: 'ignore', detached: true })
			.on('error', () => {})
			.unref();
}
