// Installs the project's dependencies. Imports only modules of Node, because nothing else may be installed yet.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './editor.mjs';
import { npm, run } from './process.mjs';

/** Resolves with whether node_modules agrees with the lock file. */
async function installed() {
	const read = async (path) => JSON.parse(await readFile(join(root, path), 'utf8')).packages;
	try {
		const [wanted, there] = await Promise.all([read('package-lock.json'), read('node_modules/.package-lock.json')]);
		// Optional packages for other platforms are not installed.
		return Object.entries(wanted).every(
			([path, { version, optional, peer }]) => path === '' || optional || peer || there[path]?.version === version,
		);
	} catch {
		return false;
	}
}

/** Runs `npm ci` when a package is missing or outdated. Throws with the output of npm. */
export async function installDependencies(say) {
	if (await installed()) return;
	say('Installing the dependencies (npm ci).');
	for (let attempt = 1; ; attempt++) {
		const { code, text } = await run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
			cwd: root,
			shell: process.platform === 'win32',
			timeoutMs: 300_000,
		});
		if (code === 0) return;
		if (attempt === 3) throw new Error(`npm ci failed:\n${text}`);
	}
}
