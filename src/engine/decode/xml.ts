import { SaxesParser } from 'saxes';
import { sentence } from '../../base/sentence';

const mostDepth = 200;
const indent = '  ';
interface Laid {
	text: string;
	/** Why it could not be laid out (further); the rest follows as it is. */
	problem?: string;
}

interface Token {
	kind: 'open' | 'close' | 'alone' | 'text';
	text: string;
	/** Of an opening tag: it has text besides elements, so that its space may mean something. */
	mixed?: boolean;
	/** Of an opening tag: it has elements. */
	parts?: boolean;
}

/** XML with each element on a line of its own; where text and elements mix, everything stays as it stands. */
export function layXml(source: string): Laid {
	const { tokens, end, problem } = tokenize(source);
	const lines: string[] = [];
	let depth = 0;
	/** Depth at which text and elements mix: from there on nothing is moved. */
	let still: number | undefined;
	let joined = false;
	for (const token of tokens) {
		if (token.kind === 'close') depth--;
		if (still !== undefined || joined) lines[lines.length - 1] += token.text;
		else if (token.kind !== 'text' || (depth <= 0 && token.text.trim() !== ''))
			lines.push(indent.repeat(Math.max(0, depth)) + token.text);
		if (token.kind === 'close') {
			if (still === depth) still = undefined;
			joined = false;
		}
		if (token.kind !== 'open') continue;
		if (token.mixed && still === undefined) still = depth;
		joined = !token.parts;
		depth++;
	}
	return { text: [...lines, ...(end < source.length ? [source.slice(end)] : [])].join('\n'), problem };
}

function tokenize(source: string): { tokens: Token[]; end: number; problem?: string } {
	const tokens: Token[] = [];
	const open: Token[] = [];
	let end = 0;
	for (let start = source.indexOf('<'); start >= 0; start = source.indexOf('<', end)) {
		const after = endOf(source, start);
		if (after < 0) break;
		if (start > end) text(source.slice(end, start));
		const tag = source.slice(start, after);
		const kind = tag.startsWith('</') ? 'close' : /^<[!?]|\/>$/.test(tag) ? 'alone' : 'open';
		if (tag.startsWith('<![')) text(tag);
		else {
			const token: Token = { kind, text: tag };
			if (kind === 'close') open.pop();
			else mark('parts');
			tokens.push(token);
			if (kind === 'open') open.push(token);
		}
		end = after;
		if (open.length > mostDepth)
			return { tokens, end, problem: `It is nested more than ${mostDepth} levels deep, so the rest is not laid out.` };
	}
	return { tokens, end };

	function text(given: string): void {
		// Space between elements is what the layout replaces; in an element without any, it is its content.
		if (given.trim() !== '') mark('mixed');
		tokens.push({ kind: 'text', text: given });
	}

	function mark(what: 'mixed' | 'parts'): void {
		const last = open[open.length - 1];
		if (last) last[what] = true;
	}
}

const ends: [start: string, end: string][] = [
	['<!--', '-->'],
	['<![CDATA[', ']]>'],
	['<?', '?>'],
];

/** One past the markup that starts here; quoted values may hold brackets. -1: it has no end. */
function endOf(source: string, start: number): number {
	const known = ends.find(([begin]) => source.startsWith(begin, start));
	if (known) {
		const at = source.indexOf(known[1], start + known[0].length);
		return at < 0 ? -1 : at + known[1].length;
	}
	for (let at = start + 1; at >= 0 && at < source.length; at++) {
		const one = source[at];
		if (one === '>') return at + 1;
		if (one !== '"' && one !== "'") continue;
		at = source.indexOf(one, at + 1);
		if (at < 0) return -1;
	}
	return -1;
}

/** Why it is no well-formed XML, in a sentence; undefined: it is. `isCut`: the end is missing, which is no fault. */
export function xmlProblem(source: string, isCut: boolean): string | undefined {
	const parser = new SaxesParser({ position: true });
	let problem: string | undefined;
	let ending = false;
	parser.on('error', (error) => {
		if (problem !== undefined || (ending && isCut)) return;
		const why = error.message.replace(/^\d+:\d+: /, '');
		problem = sentence(`Not well-formed XML at line ${parser.line}, column ${parser.column}: ${why}`);
	});
	// The first fault says it all; further ones cost time.
	for (let at = 0; at < source.length && problem === undefined; at += 65_536)
		parser.write(source.slice(at, at + 65_536));
	ending = true;
	if (problem === undefined) parser.close();
	return problem;
}
