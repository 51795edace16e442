import { SaxesParser } from 'saxes';
import { sentence } from '../../base/sentence';

const maxDepth = 200;
const indent = '  ';
interface Layout {
	text: string;
	/** Why the rest could not be laid out and follows unchanged. */
	problem?: string;
}

interface Token {
	kind: 'open' | 'close' | 'alone' | 'text';
	text: string;
	/** Opening tags: the element contains text besides elements, so that its space may be significant. */
	mixed?: boolean;
	/** Opening tags: the element contains elements. */
	parts?: boolean;
}

/** Lays out XML with each element on its own line. Where text and elements are mixed, nothing is changed. */
export function layXml(source: string): Layout {
	const { tokens, end, problem } = tokenize(source);
	const lines: string[] = [];
	let depth = 0;
	/** Depth of an element with mixed content; nothing inside it is moved. */
	let mixedDepth: number | undefined;
	let joined = false;
	for (const token of tokens) {
		if (token.kind === 'close') depth--;
		if (mixedDepth !== undefined || joined) lines[lines.length - 1] += token.text;
		else if (token.kind !== 'text' || (depth <= 0 && token.text.trim() !== ''))
			lines.push(indent.repeat(Math.max(0, depth)) + token.text);
		if (token.kind === 'close') {
			if (mixedDepth === depth) mixedDepth = undefined;
			joined = false;
		}
		if (token.kind !== 'open') continue;
		if (token.mixed && mixedDepth === undefined) mixedDepth = depth;
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
		if (open.length > maxDepth)
			return { tokens, end, problem: `It is nested more than ${maxDepth} levels deep, so the rest is not laid out.` };
	}
	return { tokens, end };

	function text(content: string): void {
		// Space between elements is replaced by the layout; in an element without elements it is content.
		if (content.trim() !== '') mark('mixed');
		tokens.push({ kind: 'text', text: content });
	}

	function mark(property: 'mixed' | 'parts'): void {
		const last = open[open.length - 1];
		if (last) last[property] = true;
	}
}

const ends: [start: string, end: string][] = [
	['<!--', '-->'],
	['<![CDATA[', ']]>'],
	['<?', '?>'],
];

/** Position after the markup that starts here; quoted values may contain brackets. -1 if it has no end. */
function endOf(source: string, start: number): number {
	const found = ends.find(([begin]) => source.startsWith(begin, start));
	if (found) {
		const at = source.indexOf(found[1], start + found[0].length);
		return at < 0 ? -1 : at + found[1].length;
	}
	for (let at = start + 1; at >= 0 && at < source.length; at++) {
		const character = source[at];
		if (character === '>') return at + 1;
		if (character !== '"' && character !== "'") continue;
		at = source.indexOf(character, at + 1);
		if (at < 0) return -1;
	}
	return -1;
}

/** A sentence that says why XML is not well-formed, or undefined. `isCut`: a missing end is no error. */
export function xmlProblem(source: string, isCut: boolean): string | undefined {
	const parser = new SaxesParser({ position: true });
	let problem: string | undefined;
	let ending = false;
	parser.on('error', (error) => {
		if (problem !== undefined || (ending && isCut)) return;
		const why = error.message.replace(/^\d+:\d+: /, '');
		problem = sentence(`Not well-formed XML at line ${parser.line}, column ${parser.column}: ${why}`);
	});
	// Only the first error is reported, so the rest need not be parsed.
	for (let at = 0; at < source.length && problem === undefined; at += 65_536)
		parser.write(source.slice(at, at + 65_536));
	ending = true;
	if (problem === undefined) parser.close();
	return problem;
}
