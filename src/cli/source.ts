import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fail } from '../base/failure';
import { type EnvironmentTexts, findEnvironmentTexts } from '../files/values/environments';
import type { Folders } from '../files/values/project-folder';
import { toText } from '../model/contracts/payload';

/** A message file's text. Throws `no-file`, `utf-16` or `not-text`. */
export function readSource(path: string): string {
	let bytes: Buffer;
	try {
		bytes = readFileSync(path);
	} catch (error) {
		throw fail('no-file', `${path} cannot be read.`, { evidence: (error as NodeJS.ErrnoException).code ?? '' });
	}
	const mark = bytes.length > 1 ? bytes.readUInt16BE(0) : 0;
	if (mark === 0xfffe || mark === 0xfeff) throw fail('utf-16', `${path} is saved as UTF-16. Save it as UTF-8.`);
	const text = toText(bytes);
	if (text === undefined) throw fail('not-text', `${path} is not UTF-8 text.`);
	return text;
}

const parentOf = (folder: string) => (dirname(folder) === folder ? undefined : dirname(folder));

/** The environment files of a message file: those in its folder, or in the nearest folder above it up to `root`. */
export function readEnvironmentTexts(folder: string, root: string): Promise<EnvironmentTexts> {
	// For a folder outside of the root, only the folder itself counts.
	const top = relative(root, folder).startsWith('..') ? folder : root;
	return findEnvironmentTexts(folder, {
		parent: (at) => (at === top ? undefined : parentOf(at)),
		read: (at, name) => readFile(join(at, name), 'utf8').catch(() => undefined),
	});
}

/** Folders of this machine, by absolute path. */
export const localFolders: Folders<string> = {
	parent: parentOf,
	has: async (folder, name) => existsSync(join(folder, name)),
	isHome: (folder) => folder === homedir(),
};
