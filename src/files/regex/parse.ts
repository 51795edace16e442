export type Mark = 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'inside';

/** A regular expression as a tree. */
export type Node =
	/** One character that passes the test. */
	| { kind: 'one'; test: (character: string) => boolean }
	| { kind: 'mark'; mark: Mark }
	| { kind: 'all'; nodes: Node[] }
	| { kind: 'any'; nodes: Node[] }
	/** `most` undefined: without end. */
	| { kind: 'repeat'; node: Node; least: number; most: number | undefined };

const quantifier = /([*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;
/** A class or an escape that stands for one character. */
const single =
	/\[(?:\\[\s\S]|[^\]\\])*\]|\\(?:p\{[^}]*\}|P\{[^}]*\}|u\{[^}]*\}|u[\da-f]{4}(?:\\u[\da-f]{4})?|x[\da-f]{2}|c[a-z]|[^bBk1-9])/iuy;

/** `pattern` must be a valid regular expression with the flag `u`. */
export function parseRegex(pattern: string, flags: string): Node | { problem: string } {
	const insensitive = flags.includes('i') ? 'iu' : 'u';
	let at = 0;
	let problem: string | undefined;

	function alternatives(): Node {
		const nodes = [sequence()];
		while (pattern[at] === '|') {
			at++;
			nodes.push(sequence());
		}
		return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'any', nodes };
	}

	function sequence(): Node {
		const nodes: Node[] = [];
		while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')' && !problem) {
			const node = atom();
			quantifier.lastIndex = at;
			const match = quantifier.exec(pattern);
			if (match) at = quantifier.lastIndex;
			nodes.push(match ? repeated(node, match) : node);
		}
		return { kind: 'all', nodes };
	}

	function atom(): Node {
		const character = pattern[at] as string;
		if (character === '(') return group();
		if (character === '^' || character === '$') {
			at++;
			const side = character === '^' ? 'start' : 'end';
			return { kind: 'mark', mark: flags.includes('m') ? `line-${side}` : side };
		}
		if (pattern.startsWith('\\b', at) || pattern.startsWith('\\B', at)) {
			at += 2;
			return { kind: 'mark', mark: pattern[at - 1] === 'b' ? 'word' : 'inside' };
		}
		if (character === '.') {
			at++;
			return { kind: 'one', test: flags.includes('s') ? () => true : (one) => !/[\n\r\u2028\u2029]/.test(one) };
		}
		single.lastIndex = at;
		const piece = character === '[' || character === '\\' ? single.exec(pattern)?.[0] : undefined;
		if (piece === undefined && character === '\\') {
			problem = 'A pattern cannot refer back to what a group has matched.';
			return { kind: 'all', nodes: [] };
		}
		const whole = piece ?? String.fromCodePoint(pattern.codePointAt(at) as number);
		at += whole.length;
		if (piece === undefined && insensitive === 'u') return { kind: 'one', test: (one) => one === whole };
		// Of one character, against one character: there is nothing to go back over.
		const test = new RegExp(`^(?:${piece ?? whole.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')})$`, insensitive);
		return { kind: 'one', test: (one) => test.test(one) };
	}

	function group(): Node {
		const opening = /\(\?(?:[=!]|<[=!])/y;
		opening.lastIndex = at;
		if (opening.test(pattern)) problem = 'A pattern cannot look ahead or behind.';
		const name = /\((?:\?:|\?<[^>]*>)?/y;
		name.lastIndex = at;
		name.test(pattern);
		at = name.lastIndex;
		const inside = alternatives();
		at++;
		return inside;
	}

	const tree = alternatives();
	return problem ? { problem } : tree;
}

function repeated(node: Node, match: RegExpExecArray): Node {
	const [, sign, least, comma, most] = match;
	if (sign === '*') return { kind: 'repeat', node, least: 0, most: undefined };
	if (sign === '+') return { kind: 'repeat', node, least: 1, most: undefined };
	if (sign === '?') return { kind: 'repeat', node, least: 0, most: 1 };
	return {
		kind: 'repeat',
		node,
		least: Number(least),
		most: comma ? (most ? Number(most) : undefined) : Number(least),
	};
}
