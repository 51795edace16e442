import { type Scope, scopeInside } from './namespaces';
import type { Element } from './xml';

export interface Node extends Element {
	children: Element[];
	text: string;
	scope: Scope;
}

/** Shared by all that have none. */
export const noChildren: Element[] = [];

/** No more than a parser allows; what has more is left to it. */
const mostDepth = 100;
const mostElements = 10_000;
const mostAttributes = 100;

/** A stanza, and where it ends; "more": it is not all there yet; "other": it is for the parser to judge. */
export type Quick = { node: Node; end: number } | 'more' | 'other';

const [tab, lineFeed, space, quote, ampersand, apostrophe] = [9, 10, 0x20, 0x22, 0x26, 0x27] as const;
const [slash, colon, less, equals, greater] = [0x2f, 0x3a, 0x3c, 0x3d, 0x3e] as const;

const [starts, continues] = [/[A-Za-z_]/, /[\w.-]/].map((kind) =>
	Uint8Array.from({ length: 128 }, (_, code) => Number(kind.test(String.fromCharCode(code)))),
) as [Uint8Array, Uint8Array];

/**
 * Reads one stanza at this place as far as it is written as nearly every one is: ASCII names without prefixes, no
 * references, no control characters, no ">" in text. Whatever else XML allows, or forbids, is "other". Character by
 * character and without anything made but what is returned, it takes a fraction of a parser's time.
 */
export function readQuickly(text: string, from: number, around: Scope): Quick {
	const stack: Node[] = [];
	let at = from;
	for (let elements = 0; elements < mostElements; ) {
		let node = stack[stack.length - 1];
		let next: number;
		let closes = text.charCodeAt(at + 1) === slash;
		if (closes) {
			if (!node || text.charCodeAt(at) !== less || !text.startsWith(node.name, at + 2)) return unread(text, at);
			next = at + 2 + node.name.length;
		} else {
			next = pastName(text, at + 1);
			if (text.charCodeAt(at) !== less || next < 0) return unread(text, at);
			const name = text.slice(at + 1, next);
			const attributes: Record<string, string> = new Bare();
			next = readAttributes(text, next, attributes);
			if (next < 0) return unread(text, at);
			closes = text.charCodeAt(next) === slash;
			if (closes) next++;
			const outside = node ? node.scope : around;
			const scope = attributes.xmlns === undefined ? outside : scopeInside(outside, attributes);
			if (!scope || stack.length >= mostDepth) return 'other';
			const opened: Node = { name, ns: scope.base, attributes, children: noChildren, text: '', scope };
			if (node) {
				if (node.children === noChildren) node.children = [opened];
				else node.children.push(opened);
			}
			elements++;
			stack.push(opened);
			node = opened;
		}
		if (text.charCodeAt(next) !== greater) return unread(text, at);
		next++;
		if (closes) {
			stack.pop();
			if (stack.length === 0) return { node, end: next };
			node = stack[stack.length - 1] as Node;
		}
		at = pastText(text, next);
		if (at < 0) return 'other';
		if (at > next) node.text += text.slice(next, at);
	}
	return 'other';
}

/** A tag without an end may have it later. */
function unread(text: string, at: number): Quick {
	return at >= text.length || (text.charCodeAt(at) === less && text.indexOf('>', at) < 0) ? 'more' : 'other';
}

/** An object without a prototype's members; `Object.create(null)` would make a slower kind. */
function bare(): void {}
bare.prototype = Object.create(null);
const Bare = bare as unknown as new () => Record<string, string>;

/** Where they end, and the spaces behind them; -1: it is for the parser to judge. */
function readAttributes(text: string, from: number, attributes: Record<string, string>): number {
	let next = from;
	for (let count = 0; count <= mostAttributes; count++) {
		const begins = pastSpaces(text, next);
		let ends = begins === next ? -1 : pastName(text, begins);
		if (ends < 0) return begins;
		if (text.charCodeAt(ends) === colon && text.startsWith('xml', begins) && ends === begins + 3)
			ends = pastName(text, ends + 1);
		const by = text.charCodeAt(ends + 1);
		if (ends < 0 || text.charCodeAt(ends) !== equals || (by !== apostrophe && by !== quote)) return -1;
		next = pastValue(text, ends + 2, by);
		const name = text.slice(begins, ends);
		if (next < 0 || attributes[name] !== undefined) return -1;
		attributes[name] = text.slice(ends + 2, next++);
	}
	return -1;
}

function pastSpaces(text: string, from: number): number {
	let at = from;
	while (text.charCodeAt(at) === space) at++;
	return at;
}

function pastName(text: string, from: number): number {
	if (starts[text.charCodeAt(from)] !== 1) return -1;
	let at = from + 1;
	while (continues[text.charCodeAt(at)] === 1) at++;
	return at;
}

function pastValue(text: string, from: number, by: number): number {
	for (let at = from; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === by) return at;
		if (code < space || code === less || code === ampersand || code >= 0xfffe) return -1;
	}
	return -1;
}

function pastText(text: string, from: number): number {
	for (let at = from; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === less) return at;
		if (code === greater || code === ampersand || code >= 0xfffe) return -1;
		if (code < space && code !== tab && code !== lineFeed) return -1;
	}
	return text.length;
}
