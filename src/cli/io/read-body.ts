import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { FailureError, fail } from '../../base/failure';
import { noFile, unreadableFile } from '../../files/failures';

/**
 * Reads the files that a message file names, by their path from its folder. A file outside of `root`, to which a link may
 * lead, is refused. Throws `no-file` or `outside`.
 */
export function bodyReader(messageFile: string, root: string): (path: string) => Promise<Uint8Array> {
	const folder = dirname(resolve(messageFile));
	return async (path) => {
		const wanted = resolve(folder, path);
		let real: string;
		let realRoot: string;
		try {
			[real, realRoot] = await Promise.all([realpath(wanted), realpath(root)]);
		} catch {
			throw new FailureError(noFile(path));
		}
		const inside = relative(realRoot, real);
		if (inside.startsWith('..') || isAbsolute(inside))
			throw fail('outside', `"${path}" is outside of ${root} and was not read.`, {
				remedy: { text: 'Set --root to a folder that contains both.' },
			});
		try {
			return new Uint8Array(await readFile(real));
		} catch (error) {
			throw new FailureError(unreadableFile(path, (error as NodeJS.ErrnoException).code ?? ''));
		}
	};
}
