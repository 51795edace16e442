import { createScanner, findNodeAtLocation, getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { isRecord } from '../../base/check';
import { maxDepth, shallow, tooDeep } from '../../base/nesting';

/** Path of the list in its file: `['messagingWorkbench.connections']`, in a workspace file below `settings`. */
export type ListPath = readonly string[];

export interface EntryText {
	value: unknown;
	/** In UTF-16 units from the start of the text. */
	offset: number;
	length: number;
	node: Node;
}

export type ListText =
	| { kind: 'list'; entries: EntryText[]; node: Node }
	| { kind: 'absent'; root?: Node }
	/** The text is not valid JSON with comments, or the value is not a list. The file must not be written. */
	| { kind: 'unusable'; reason: string; offset: number; length: number; entries: EntryText[] };

const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true } as const;

export function readList(text: string, path: ListPath): ListText {
	const errors: ParseError[] = [];
	// One level more than a connection may have, so that its own check reports the one that is too deep.
	const readable = shallow(text, path.length + 2 + maxDepth);
	const root = parseTree(readable.text, errors, options);
	const node = root && findNodeAtLocation(root, [...path]);
	const entries = node?.type === 'array' ? (node.children ?? []).map(entryText) : [];
	const unusable = (reason: string, offset = 0, length = 1): ListText => ({
		kind: 'unusable',
		reason,
		offset,
		length,
		entries,
	});
	if (readable.at !== undefined) return unusable(`it has ${tooDeep} (line ${lineOf(text, readable.at)})`, readable.at);
	const first = errors[0];
	if (first) return unusable(`it is not valid JSON (line ${lineOf(text, first.offset)})`, first.offset, first.length);
	if (!root) return { kind: 'absent' };
	if (root.type !== 'object') return unusable('it is not a JSON object');
	if (occurrences(root, path) > 1) return unusable(`it has "${path.at(-1)}" more than once`);
	if (!node) {
		const parent = path.length > 1 ? findNodeAtLocation(root, path.slice(0, -1)) : root;
		if (parent && parent.type !== 'object')
			return unusable(`"${path[0]}" in it is not an object`, parent.offset, parent.length);
		return { kind: 'absent', root };
	}
	if (node.type !== 'array') return unusable(`"${path.at(-1)}" in it is not a list`, node.offset, node.length);
	return { kind: 'list', entries, node };
}

function entryText(node: Node): EntryText {
	return { value: getNodeValue(node), offset: node.offset, length: node.length, node };
}

function occurrences(root: Node, path: ListPath): number {
	const parent = path.length > 1 ? findNodeAtLocation(root, path.slice(0, -1)) : root;
	return parent?.children?.filter((property) => property.children?.[0]?.value === path.at(-1)).length ?? 0;
}

const lineOf = (text: string, offset: number): number => positionIn(lineStarts(text), offset).line + 1;

/** Offsets at which lines begin. Line ends are those of VS Code: CRLF, CR and LF. */
export function lineStarts(text: string): number[] {
	const starts = [0];
	for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
	return starts;
}

/** Line and character of an offset, both from 0. A binary search, because a hostile file can have many broken entries. */
export function positionIn(starts: readonly number[], offset: number): { line: number; character: number } {
	let low = 0;
	let high = starts.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((starts[middle] ?? 0) <= offset) low = middle;
		else high = middle - 1;
	}
	return { line: low, character: offset - (starts[low] ?? 0) };
}

/** Range of the deepest existing part of a path in an entry. With `name`, the range of the member's name. */
export function rangeOf(
	entry: EntryText,
	path: readonly (string | number)[],
	name: boolean,
): { offset: number; length: number } {
	for (let depth = path.length; depth > 0; depth--) {
		const node = findNodeAtLocation(entry.node, path.slice(0, depth));
		if (!node) continue;
		const property = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
		return name && property ? property : node;
	}
	const first = entry.node.children?.[0]?.children?.[0];
	return path.length === 0 || !first ? { offset: entry.offset, length: Math.min(entry.length, 1) } : first;
}

/** Offset of the comma after a node, skipping comments. -1 if there is none. */
export function commaAfter(text: string, offset: number): number {
	const scanner = createScanner(text, true);
	scanner.setPosition(offset);
	scanner.scan();
	const at = scanner.getTokenOffset();
	return text[at] === ',' ? at : -1;
}

/** True if both values are equal as JSON, regardless of the order of members. */
export function same(a: unknown, b: unknown): boolean {
	if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, at) => same(one, b[at]));
	if (isRecord(a) && isRecord(b)) {
		const keys = Object.keys(a).filter((key) => a[key] !== undefined);
		return (
			keys.length === Object.keys(b).filter((key) => b[key] !== undefined).length &&
			keys.every((key) => same(a[key], b[key]))
		);
	}
	return a === b;
}
