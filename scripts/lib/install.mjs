// The project's own dependencies, with nothing but Node at hand.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './editor.mjs';
import { npm, run } from './process.mjs';

/** Whether node_modules holds what the lock file asks for. */
async function installed() {
	const read = async (path) => JSON.parse(await readFile(join(root, path), 'utf8')).packages;
	try {
		const [wanted, there] = await Promise.all([read('package-lock.json'), read('node_modules/.package-lock.json')]);
		// What is for another platform is not there.
		return Object.entries(wanted).every(
			([path, { version, optional, peer }]) => path === '' || optional || peer || there[path]?.version === version,
		);
	} catch {
		return false;
	}
}

/** `npm ci` when something is missing or outdated. Throws with what npm said. */
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
