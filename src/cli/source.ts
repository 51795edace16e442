import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fail } from '../base/failure';
import type { EnvironmentTexts } from '../files/values/environments';
import { toText } from '../model/contracts/payload';

/** A message file's text. Throws `no-file`, `utf-16` or `not-text`. */
export function readSource(path: string): string {
	let bytes: Buffer;
	try {
		bytes = readFileSync(path);
	} catch (error) {
		throw fail('no-file', `${path} cannot be read.`, { evidence: (error as NodeJS.ErrnoException).code ?? '' });
	}
	const mark = bytes.readUInt16BE.call(bytes.length > 1 ? bytes : Buffer.alloc(2), 0);
	if (mark === 0xfffe || mark === 0xfeff) throw fail('utf-16', `${path} is saved as UTF-16. Save it as UTF-8.`);
	const text = toText(bytes);
	if (text === undefined) throw fail('not-text', `${path} is not UTF-8 text.`);
	return text;
}

/** The environment files that count for a message file: those in its folder, or in the nearest above it up to `root`. */
export function readEnvironmentTexts(folder: string, root: string): EnvironmentTexts {
	// A folder beside the root has only itself.
	const top = relative(root, folder).startsWith('..') ? folder : root;
	const find = (name: string): string | undefined => {
		for (let at = folder; ; at = dirname(at)) {
			try {
				return readFileSync(join(at, name), 'utf8');
			} catch {
				if (at === top || at === dirname(at)) return undefined;
			}
		}
	};
	return {
		shared: find('http-client.env.json'),
		private: find('http-client.private.env.json'),
		dotenv: find('.env'),
	};
}
