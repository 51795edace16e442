import { type Json, membersOf } from './value';

/** Names and indexes on the way into a JSON value: `a.b[0]`, `$.a`, `$`, `['a b']`, `[0].x`. */
export type JsonPath = readonly (string | number)[];

/** Depth to which `leafPaths` looks: deeper fields are not chosen from a list. */
const maxDepth = 20;

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

/** A name that needs no quotes in a path. */
const plainName = /^[^\s.[\]'"=<>!]+$/;

/** The text of a path with one more step. */
export function extendPath(path: string, step: string | number): string {
	if (typeof step === 'number') return `${path}[${step}]`;
	if (!plainName.test(step)) return `${path}[${JSON.stringify(step)}]`;
	return path === '' ? step : `${path}.${step}`;
}

/** Paths of the strings and numbers in a value, in order, at most `limit`. Without those that a path cannot express. */
export function leafPaths(value: Json, limit: number): string[] {
	const found: string[] = [];
	const walk = (at: Json, path: string, depth: number): void => {
		if (found.length >= limit || depth > maxDepth) return;
		if (at.kind === 'list')
			for (const [index, item] of at.items.entries()) walk(item, extendPath(path, index), depth + 1);
		else if (at.kind === 'map') for (const [name, one] of at.members) walk(one, extendPath(path, name), depth + 1);
		else if (at.kind !== 'word' && path !== '' && parsePath(path)) found.push(path);
	};
	walk(value, '', 0);
	return [...new Set(found)];
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
