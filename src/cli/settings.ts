import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isRecord } from '../base/check';
import { fail } from '../base/failure';
import { maxDepth, shallow, tooDeep } from '../base/nesting';
import { connectionsSetting } from '../model/contracts/settings';
import { shownName } from '../model/profile/shown-url';

/** The saved connections of a workspace, read when the first one is needed. */
export interface Settings {
	/** The file, for a sentence. */
	readonly where: string;
	/** The workspace folder, for `${workspaceFolder}`. */
	readonly folder: string;
	/** By name, then by id. Throws `bad-settings`. */
	find(name: string): unknown;
	names(): string[];
}

/**
 * The settings of `path`, which may be a workspace file; undefined: `.vscode/settings.json` of the folder `from` or of the
 * nearest one above it.
 */
export function createSettings(from: string, path: string | undefined, parse: (text: string) => unknown): Settings {
	const file = path === undefined ? nearest(from) : resolve(path);
	const folder = file === undefined ? from : path === undefined ? dirname(dirname(file)) : dirname(file);
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
				// The system's own message repeats the path.
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
