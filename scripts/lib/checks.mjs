// Checks of the repository. Each resolves with a sentence when it fails.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './editor.mjs';

/** The lock file names no host, so that npm uses the registry that is configured on the machine. */
export async function checkLockFile() {
	const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
	const named = Object.entries(packages).filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''));
	if (named.length > 0) return `package-lock.json names a host for ${named.length} packages, first ${named[0][0]}.`;
	const bare = Object.entries(packages).filter(([path, entry]) => path && !entry.link && !entry.integrity);
	if (bare.length > 0) return `package-lock.json has no integrity for ${bare[0][0]}.`;
}

/** package.json agrees with the lock file. */
export async function checkVersions() {
	const read = async (path) => JSON.parse(await readFile(join(root, path), 'utf8'));
	const [manifest, lock] = await Promise.all([read('package.json'), read('package-lock.json')]);
	for (const kind of ['dependencies', 'devDependencies']) {
		const [wanted, locked] = [manifest[kind], lock.packages[''][kind]].map((list) => JSON.stringify(list ?? {}));
		if (wanted !== locked) return `${kind} of package.json and package-lock.json differ: run npm install.`;
	}
}
