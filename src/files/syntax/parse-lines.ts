import type { Section } from './ast';
import { advance, skipBlank, skipWord, trimEnd } from './lines';
import { added, type ParseContext } from './parse-context';

const hash = 35;
const slash = 47;
const at = 64;

export function isSeparator(text: string, start: number): boolean {
	return text.charCodeAt(start) === hash && text.startsWith('###', start);
}

/** "#" or "//" */
export function isComment(text: string, start: number): boolean {
	const code = text.charCodeAt(start);
	return code === hash || (code === slash && text.charCodeAt(start + 1) === slash);
}

/** Adds the metadata of a comment line, if it has any. */
export function parseComment(context: ParseContext, section: Section, first: number): void {
	const { text, lines } = context;
	const sign = skipBlank(text, first + (text.charCodeAt(first) === hash ? 1 : 2), lines.end);
	if (text.charCodeAt(sign) !== at) return;
	const nameEnd = skipWord(text, sign + 1, lines.end);
	if (nameEnd === sign + 1) return;
	const name = context.token(sign + 1, nameEnd, true);
	const from = skipBlank(text, nameEnd, lines.end);
	const end = trimEnd(text, from, lines.end);
	// Only in the name of a connection are variables replaced. In a remark, braces are plain text.
	const value =
		end === from
			? undefined
			: name.text.toLowerCase() === 'connection'
				? context.value(from, end)
				: context.token(from, end, true);
	const item = value ? { start: first, end: value.end, name, value } : { start: first, end: nameEnd, name };
	section.metadata = added(section.metadata, item);
}

/** The start of a script in httpYac or JetBrains' HTTP Client: `{{` alone, `{{+`, `{{@`, `< {%`, `> {%`. */
export function isScript(text: string, first: number, end: number): boolean {
	const code = text.charCodeAt(first);
	if (code === 123 ? text.charCodeAt(first + 1) !== 123 : code !== 60 && code !== 62) return false;
	return /^(?:\{\{[+@]?[a-zA-Z]*\s*$|[<>]\s*\{%)/.test(text.slice(first, end));
}

/** Reports that scripts do not run, and moves behind the script that starts here. */
export function skipScript(context: ParseContext): void {
	const { text, lines } = context;
	const { start } = lines;
	const close = text.startsWith('{{', skipBlank(text, start, lines.end)) ? '}}' : '%}';
	let { end } = lines;
	while (lines.open && !isSeparator(text, lines.start)) {
		end = lines.end;
		const done = text.slice(lines.start, lines.end).includes(close);
		advance(lines);
		if (done) break;
	}
	context.report('script', { start, end }, 'Scripts are not supported in message files.');
}

/** "===" alone or followed by a space. A longer row of "=" is text. */
export function isStep(text: string, start: number, end: number): boolean {
	if (text.charCodeAt(start) !== 61 || !text.startsWith('===', start)) return false;
	const after = start + 3;
	return after >= end || skipBlank(text, after, end) > after;
}
