import { fail } from '../../base/failure';
import { compareDecimals, fitsDouble } from './decimal';
import { type JsonVisitor, scanJson, stringText } from './json';

/** A JSON value with its source text, from which numbers and containers are compared, shown and inserted. */
export type Json = { source: string } & (
	| { kind: 'string'; text: string }
	| { kind: 'number' | 'word' }
	| { kind: 'list'; items: Json[] }
	/** Members in order, including duplicate names. The last of them counts, as in JSON.parse. */
	| { kind: 'map'; members: [string, Json][] }
);

/** Maximum depth. Deeper text is rejected, so that recursion over a value cannot overflow the stack. */
const maxDepth = 1000;

/** Returns the value, or one sentence why the text is not JSON. Never throws. */
export function parseJson(text: string): { value: Json } | { problem: string } {
	const open: { value: Json; start: number; name: string }[] = [];
	const root: Json[] = [];

	function add(value: Json): void {
		const parent = open.at(-1);
		if (!parent) root.push(value);
		else if (parent.value.kind === 'list') parent.value.items.push(value);
		else if (parent.value.kind === 'map') parent.value.members.push([parent.name, value]);
	}

	const visitor: JsonVisitor = {
		open(kind, _bracket, start) {
			if (open.length >= maxDepth)
				throw fail('too-deep', `The JSON is nested more than ${maxDepth} levels deep, which is not supported.`);
			const value: Json = kind === 'list' ? { kind, items: [], source: '' } : { kind, members: [], source: '' };
			add(value);
			open.push({ value, start, name: '' });
		},
		close(_bracket, end) {
			const closed = open.pop();
			if (closed) closed.value.source = text.slice(closed.start, end);
		},
		leaf(source, number, name) {
			const parent = open.at(-1);
			if (name !== undefined && parent) parent.name = name;
			else if (number !== undefined) add({ kind: 'number', source });
			else
				add(source.startsWith('"') ? { kind: 'string', source, text: stringText(source) } : { kind: 'word', source });
		},
	};
	const { error } = scanJson(text, visitor);
	const [value] = root;
	if (error || !value) return { problem: error?.message ?? 'The JSON has no value.' };
	return { value };
}

/** The members of a map by name; undefined for other values. */
export function membersOf(value: Json): ReadonlyMap<string, Json> | undefined {
	return value.kind === 'map' ? new Map(value.members) : undefined;
}

/** Converts like JSON.parse, except that a number which a double cannot represent becomes its source text. */
export function toPlain(value: Json): unknown {
	switch (value.kind) {
		case 'string':
			return value.text;
		case 'number':
			return fitsDouble(value.source) ? Number(value.source) : value.source;
		case 'word':
			return JSON.parse(value.source);
		case 'list':
			return value.items.map(toPlain);
		case 'map':
			return Object.fromEntries(value.members.map(([name, one]) => [name, toPlain(one)]));
	}
}

/** The content of a string, the source text of any other value; used to insert the value elsewhere. */
export const textOf = (value: Json): string => (value.kind === 'string' ? value.text : value.source);

/** Compares by value: numbers exactly and in any notation, maps in any order. */
export function sameJson(a: Json, b: Json): boolean {
	if (a.kind === b.kind && a.source === b.source) return true;
	if (a.kind === 'string' && b.kind === 'string') return a.text === b.text;
	if (a.kind === 'number' && b.kind === 'number') return compareDecimals(a.source, b.source) === 0;
	if (a.kind === 'list' && b.kind === 'list')
		return a.items.length === b.items.length && a.items.every((item, at) => sameJson(item, b.items[at] as Json));
	const members = membersOf(a);
	const others = membersOf(b);
	if (!members || members.size !== others?.size) return false;
	return [...members].every(([name, value]) => {
		const other = others.get(name);
		return other !== undefined && sameJson(value, other);
	});
}
