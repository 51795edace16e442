import { type Json, membersOf } from './value';

/** Names and indexes on the way into a JSON value: `a.b[0]`, `$.a`, `$`, `['a b']`, `[0].x`. */
export type JsonPath = readonly (string | number)[];

const part = /\.?([^\s.[\]'"=<>!]+)|\[(\d{1,15})\]|\[(?:"([^"]*)"|'([^']*)')\]/y;

/** Undefined for a text that is not a path. */
export function parsePath(text: string): JsonPath | undefined {
	const path: (string | number)[] = [];
	part.lastIndex = text.startsWith('$') && /^\$(?:[.[]|$)/.test(text) ? 1 : 0;
	while (part.lastIndex < text.length) {
		const at = part.lastIndex;
		const match = part.exec(text);
		if (!match) return undefined;
		const [, name, index, quoted, single] = match;
		if (name !== undefined && at > 0 && text[at] !== '.') return undefined;
		path.push(index !== undefined ? Number(index) : (name ?? quoted ?? single ?? ''));
	}
	return path;
}

/** The value at the path: members of maps, items of lists, and `length` of a list. Undefined if there is none. */
export function followPath(value: Json, path: JsonPath): Json | undefined {
	let at: Json | undefined = value;
	for (const step of path) {
		if (at?.kind === 'list') {
			if (step === 'length') at = { kind: 'number', source: String(at.items.length) };
			else at = /^\d+$/.test(String(step)) ? at.items[Number(step)] : undefined;
		} else at = at && membersOf(at)?.get(String(step));
	}
	return at;
}
