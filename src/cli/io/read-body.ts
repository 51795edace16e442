import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fail } from '../../base/failure';

/** Reads what a message file names, from its own folder; nothing outside of `root`, links followed. Throws a Failure. */
export function bodyReader(messageFile: string, root: string): (path: string) => Promise<Uint8Array> {
	const folder = dirname(resolve(messageFile));
	return async (path) => {
		const wanted = resolve(folder, path);
		let real: string;
		let realRoot: string;
		try {
			[real, realRoot] = await Promise.all([realpath(wanted), realpath(root)]);
		} catch {
			throw fail('no-file', `There is no file "${path}".`);
		}
		const inside = relative(realRoot, real);
		if (inside.startsWith('..') || isAbsolute(inside))
			throw fail('outside', `"${path}" lies outside of ${root}: nothing there is read.`, {
				remedy: { text: 'Name a folder that holds both with --root.' },
			});
		try {
			return new Uint8Array(await readFile(real));
		} catch (error) {
			throw fail('no-file', `The file "${path}" cannot be read.`, {
				evidence: error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '',
			});
		}
	};
}
