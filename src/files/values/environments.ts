import { type Json, membersOf, parseJson, textOf } from '../../model/json/value';
import { shownName } from '../../model/profile/shown-url';

export interface Environment {
	/** Undefined: none is chosen. */
	name?: string;
	/** Values by name; members of objects by their dotted path. */
	values: ReadonlyMap<string, string>;
	/** Names of the values of the private file, which must be masked. */
	secret: ReadonlySet<string>;
}

/** The names of the environment files. A value of `.env` counts where no other file has the name. */
export const environmentFiles = {
	shared: 'http-client.env.json',
	private: 'http-client.private.env.json',
	dotenv: '.env',
} as const;

export type EnvironmentTexts = { [kind in keyof typeof environmentFiles]?: string };

export interface EnvironmentProblem {
	/** The name of the file. */
	file: string;
	message: string;
}

/** Access to the folders of environment files. */
export interface EnvironmentFolders<Folder> {
	/** The folder above; undefined for the uppermost one to look into. */
	parent(folder: Folder): Folder | undefined;
	/** Undefined if the file does not exist or cannot be read. */
	read(folder: Folder, name: string): Promise<string | undefined>;
}

/** Finds each environment file in the folder or in the nearest folder above it. */
export async function findEnvironmentTexts<Folder>(
	folder: Folder,
	{ parent, read }: EnvironmentFolders<Folder>,
): Promise<EnvironmentTexts> {
	const find = async (name: string) => {
		for (let at: Folder | undefined = folder; at !== undefined; at = parent(at)) {
			const text = await read(at, name);
			if (text !== undefined) return text;
		}
		return undefined;
	};
	const [shared, own, dotenv] = await Promise.all(Object.values(environmentFiles).map(find));
	return { shared, private: own, dotenv };
}

export const noEnvironment: Environment = { values: new Map(), secret: new Set() };

/** Members of the files that belong to every environment, as JetBrains and httpYac spell them. */
const common = ['$shared', '$default'];

/** Names of the environments that the files define, in order. */
export function environmentNames(texts: EnvironmentTexts): string[] {
	const names = [texts.shared, texts.private].flatMap((text) => [...readObject(text).value.keys()]);
	return [...new Set(names)].filter((name) => !name.startsWith('$'));
}

/** The environment of a message file. Never throws: `problems` has those of the files, an unknown name among them. */
export interface ReadEnvironment {
	environment: Environment;
	/** The values of `.env`, for `{{$dotenv NAME}}`. */
	dotenv: ReadonlyMap<string, string>;
	problems: EnvironmentProblem[];
}

export function readEnvironment(texts: EnvironmentTexts, name: string | undefined): ReadEnvironment {
	const dotenv = parseDotenv(texts.dotenv ?? '');
	const values = new Map(dotenv);
	const secret = new Set<string>();
	const problems: EnvironmentProblem[] = [];
	let found = name === undefined;
	for (const kind of ['shared', 'private'] as const) {
		const file = environmentFiles[kind];
		const { value, problem } = readObject(texts[kind]);
		if (problem) problems.push({ file, message: problem });
		for (const part of name === undefined ? common : [...common, name]) {
			const members = value.get(part);
			if (part === name && members !== undefined) found = true;
			if (members === undefined) continue;
			const inside = membersOf(members);
			if (!inside) problems.push({ file, message: `"${part}" in it is not an object.` });
			else
				flatten(inside, '', (key, text) => {
					values.set(key, text);
					if (kind === 'private') secret.add(key);
					else secret.delete(key);
				});
		}
	}
	if (!found) {
		const names = environmentNames(texts);
		const list = names.length > 0 ? ` There are: ${names.join(', ')}.` : '';
		problems.push({
			file: environmentFiles.shared,
			message: `There is no environment "${shownName(name ?? '')}".${list}`,
		});
	}
	return { environment: { ...(name !== undefined && { name }), values, secret }, dotenv, problems };
}

type Members = ReadonlyMap<string, Json>;

function readObject(text: string | undefined): { value: Members; problem?: string } {
	const none: Members = new Map();
	if (text === undefined || text.trim() === '') return { value: none };
	const parsed = parseJson(text);
	if ('problem' in parsed) return { value: none, problem: `It is not valid JSON. ${parsed.problem}` };
	const value = membersOf(parsed.value);
	return value ? { value } : { value: none, problem: 'It is not an object with environments.' };
}

function flatten(members: Members, prefix: string, add: (key: string, text: string) => void): void {
	for (const [name, value] of members) {
		const inside = membersOf(value);
		if (inside) flatten(inside, `${prefix}${name}.`, add);
		else add(prefix + name, oneLine(textOf(value), value));
	}
}

/** Joins the lines of a list, whose line breaks are layout, because a value may stand in a single line. */
const oneLine = (text: string, { kind }: Json): string =>
	kind === 'list'
		? text
				.split(/[\r\n]/)
				.map((line) => line.trim())
				.join('')
		: text;

/**
 * Reads a `.env` file: `NAME=value`, `export NAME=value`, quotes, `#` comments. In double quotes `\n`, `\"` and `\\` are
 * escapes and line breaks are kept; nothing is expanded. The last value of a name counts. Node's `parseEnv` is not used:
 * it ends a value at an escaped quote, joins a line without "=" to the next one, and keeps a byte order mark.
 */
export function parseDotenv(text: string): Map<string, string> {
	const values = new Map<string, string>();
	const line =
		/^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|`([^`]*)`|([^\r\n]*))/gm;
	for (const [, name = '', double, single, tick, bare] of text.replace(/^\uFEFF/, '').matchAll(line)) {
		const escaped = double?.replace(/\\([\s\S])/g, (whole, one: string) =>
			one === 'n' ? '\n' : one === 'r' ? '\r' : one === 't' ? '\t' : /["\\$]/.test(one) ? one : whole,
		);
		values.set(name, escaped ?? single ?? tick ?? (bare ?? '').replace(/(?:^|\s)#.*$/, '').trim());
	}
	return values;
}
