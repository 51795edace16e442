import { type Json, membersOf, parseJson, textOf } from '../../model/json/value';
import { shownName } from '../../model/profile/shown-url';
import { parseDotenv } from './dotenv';

export interface Environment {
	/** Undefined: none is chosen. */
	name?: string;
	/** By name; members of objects by their dotted path. */
	values: ReadonlyMap<string, string>;
	/** Names of values that come from the private file: not to be shown. */
	secret: ReadonlySet<string>;
}

export interface EnvironmentTexts {
	/** `http-client.env.json` */
	shared?: string;
	/** `http-client.private.env.json` */
	private?: string;
	/** `.env`; its values count where nothing else has the name. */
	dotenv?: string;
}

export interface EnvironmentProblem {
	file: 'http-client.env.json' | 'http-client.private.env.json';
	message: string;
}

export const noEnvironment: Environment = { values: new Map(), secret: new Set() };

/** Members of the files that belong to every environment, in JetBrains' and httpYac's spelling. */
const common = ['$shared', '$default'];

/** Names of the environments that the files define, in order. */
export function environmentNames(texts: EnvironmentTexts): string[] {
	const names = [texts.shared, texts.private].flatMap((text) => [...read(text).value.keys()]);
	return [...new Set(names)].filter((name) => !name.startsWith('$'));
}

/** Throws nothing: what is wrong with the files is in `problems`. An unknown name is one of them. */
export function readEnvironment(
	texts: EnvironmentTexts,
	name: string | undefined,
): { environment: Environment; problems: EnvironmentProblem[] } {
	const values = new Map<string, string>();
	const secret = new Set<string>();
	const problems: EnvironmentProblem[] = [];
	for (const [key, value] of parseDotenv(texts.dotenv ?? '')) values.set(key, value);
	let found = name === undefined;
	for (const kind of ['shared', 'private'] as const) {
		const file = kind === 'shared' ? 'http-client.env.json' : 'http-client.private.env.json';
		const { value, problem } = read(texts[kind]);
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
		const known = environmentNames(texts);
		const list = known.length > 0 ? ` There are: ${known.join(', ')}.` : '';
		problems.push({
			file: 'http-client.env.json',
			message: `There is no environment "${shownName(name ?? '')}".${list}`,
		});
	}
	return { environment: { ...(name !== undefined && { name }), values, secret }, problems };
}

type Members = ReadonlyMap<string, Json>;

function read(text: string | undefined): { value: Members; problem?: string } {
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

/** The digits and texts of a list as they are; its line breaks are layout, and a value is put into single lines. */
const oneLine = (text: string, { kind }: Json): string =>
	kind === 'list'
		? text
				.split(/[\r\n]/)
				.map((line) => line.trim())
				.join('')
		: text;
