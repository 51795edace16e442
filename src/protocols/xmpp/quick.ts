import { type Scope, scopeInside } from './scope';
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

/**
 * A tag and the text behind it, as nearly every stanza is written: ASCII names, values without references, text without
 * references, control characters and ">". Whatever else XML allows, or forbids, does not match.
 */
const piece =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not allow them.
	/<(?:\/([A-Za-z_][\w.-]*)|([A-Za-z_][\w.-]*)((?: +(?:xml:)?[A-Za-z_][\w.-]*=(?:'[^'<&\u0000-\u001f\ufffe\uffff]*'|"[^"<&\u0000-\u001f\ufffe\uffff]*"))*) *(\/)?)>([^<&>\u0000-\u0008\u000b-\u001f\ufffe\uffff]*)/y;
const attribute = / +([\w.:-]+)=(?:'([^']*)'|"([^"]*)")/g;

/** A stanza, and where it ends; "more": it is not all there yet; "other": it is for the parser to judge. */
export type Quick = { node: Node; end: number } | 'more' | 'other';

/** Reads one stanza at this place as far as it is simple: by regular expressions, several times as fast as a parser. */
export function readQuickly(text: string, from: number, around: Scope): Quick {
	const stack: Node[] = [];
	let at = from;
	for (let elements = 0; elements < mostElements; ) {
		piece.lastIndex = at;
		const found = piece.exec(text);
		if (!found) return at >= text.length || (text[at] === '<' && text.indexOf('>', at) < 0) ? 'more' : 'other';
		const [whole, closing, opening = '', written, alone, behind = ''] = found;
		at += whole.length;
		let node = stack[stack.length - 1];
		if (closing === undefined) {
			const attributes = attributesOf(written);
			if (!attributes || stack.length >= mostDepth) return 'other';
			const outside = node ? node.scope : around;
			const scope = attributes.xmlns === undefined ? outside : scopeInside(outside, attributes);
			if (!scope) return 'other';
			const made: Node = { name: opening, ns: scope.base, attributes, children: noChildren, text: '', scope };
			if (node) {
				if (node.children === noChildren) node.children = [made];
				else node.children.push(made);
			}
			elements++;
			stack.push(made);
			node = made;
		} else if (node?.name !== closing) return 'other';
		if (closing !== undefined || alone !== undefined) {
			stack.pop();
			if (stack.length === 0 && node) return { node, end: at - behind.length };
			node = stack[stack.length - 1];
		}
		if (node && behind !== '') node.text += behind;
	}
	return 'other';
}

function attributesOf(written: string | undefined): Record<string, string> | undefined {
	const made: Record<string, string> = Object.create(null);
	if (!written) return made;
	attribute.lastIndex = 0;
	let count = 0;
	for (let found = attribute.exec(written); found; found = attribute.exec(written)) {
		const name = found[1] as string;
		if (made[name] !== undefined || ++count > mostAttributes) return undefined;
		made[name] = (found[2] ?? found[3]) as string;
	}
	return made;
}
