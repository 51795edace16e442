import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isRecord } from '../base/check';
import { fail } from '../base/failure';
import { maxDepth, shallow, tooDeep } from '../base/nesting';
import { connectionsSetting } from '../model/contracts/settings';
import { shownName } from '../model/profile/shown-url';

/** The saved connections of a workspace. Read only when one is asked for. */
export interface Settings {
	/** For a sentence: which file. */
	readonly where: string;
	/** The workspace folder, for `${workspaceFolder}`. */
	readonly folder: string;
	/** By name, then by id. Throws `bad-settings`. */
	find(name: string): unknown;
	names(): string[];
}

/** `.vscode/settings.json` of this folder or the nearest above it, or the file that is given (a workspace file, too). */
export function createSettings(from: string, given: string | undefined, parse: (text: string) => unknown): Settings {
	const file = given === undefined ? nearest(from) : resolve(given);
	const folder = file === undefined ? from : given === undefined ? dirname(dirname(file)) : dirname(file);
	let entries: unknown[] | undefined;

	function read(): unknown[] {
		if (file === undefined) return [];
		let value: unknown;
		try {
			const text = readFileSync(file, 'utf8');
			if (shallow(text, 2 * maxDepth).at !== undefined) throw new Error(`it has ${tooDeep}`);
			value = parse(text);
		} catch (error) {
			throw fail('bad-settings', `${shownName(file)} cannot be read.`, {
				// The system's own text repeats the path.
				evidence: (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : ''),
			});
		}
		const inner = isRecord(value) && isRecord(value.settings) ? value.settings : value;
		const list = isRecord(inner) ? inner[connectionsSetting] : undefined;
		return Array.isArray(list) ? list : [];
	}

	const all = () => {
		entries ??= read();
		return entries.filter(isRecord);
	};
	return {
		where: (file && shownName(file)) ?? 'any .vscode/settings.json from here upwards',
		folder,
		find: (name) => all().find((entry) => entry.name === name) ?? all().find((entry) => entry.id === name),
		names: () => all().flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
	};
}

function nearest(from: string): string | undefined {
	for (let folder = resolve(from); ; folder = dirname(folder)) {
		const file = join(folder, '.vscode', 'settings.json');
		if (existsSync(file)) return file;
		if (folder === dirname(folder)) return undefined;
	}
}
