import type { MessageFile, Section } from './ast';
import { advance, skipBlank, trimEnd } from './lines';
import { added, createContext, type ParseContext } from './parse-context';
import { isComment, isScript, isSeparator, parseComment, skipScript } from './parse-lines';
import { parseRequest } from './parse-request';

const hash = 35;
const at = 64;

/** Parses a message file. Never throws; takes time linear in the length of the text. */
export function parse(text: string): MessageFile {
	const context = createContext(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
	const file: MessageFile = {
		start: 0,
		end: text.length,
		text,
		sections: [],
		placeholders: context.placeholders,
		diagnostics: context.diagnostics,
	};
	const wide = utf16(text);
	if (wide) {
		context.report('utf-16', { start: 0, end: Math.min(1, text.length) }, wide);
		file.sections.push({ start: 0, end: text.length, metadata: [], variables: [] });
		return file;
	}
	let start = 0;
	do {
		const section = parseSection(context, start);
		start = section.end;
		file.sections.push(section);
	} while (context.lines.open);
	return file;
}

/** In UTF-16 that was read as UTF-8, every other character of ASCII text is a NUL. */
function utf16(text: string): string | undefined {
	const head = text.slice(0, 200);
	const nuls = head.split('\0').length - 1;
	return nuls > 0 && nuls * 3 >= head.length
		? 'The file is saved as UTF-16. Save it as UTF-8: message files are read as UTF-8 only.'
		: undefined;
}

function parseSection(context: ParseContext, start: number): Section {
	const { text, lines } = context;
	const section: Section = { start, end: start, metadata: [], variables: [] };
	if (lines.open && isSeparator(text, lines.start)) {
		let from = lines.start;
		while (text.charCodeAt(from) === hash) from++;
		const title = skipBlank(text, from, lines.end);
		const end = trimEnd(text, title, lines.end);
		section.separator = { start: lines.start, end: lines.end };
		// Variables are not replaced in a title, which may contain the name of a received message.
		if (end > title) section.separator.title = context.token(title, end, true);
		advance(lines);
	}
	while (lines.open && !isSeparator(text, lines.start)) {
		const first = skipBlank(text, lines.start, lines.end);
		if (first === lines.end) advance(lines);
		else if (isComment(text, first)) {
			parseComment(context, section, first);
			advance(lines);
		} else if (section.request) {
			context.report('unexpected', { start: first, end: lines.end }, 'Unexpected text after the end of the request.');
			advance(lines);
		} else if (text.charCodeAt(first) === at) {
			parseVariable(context, section, first);
			advance(lines);
		} else if (isScript(text, first, lines.end)) skipScript(context);
		else if (text.startsWith('??', first)) {
			const place = { start: first, end: trimEnd(text, first, lines.end) };
			context.report(
				'assertion-without-request',
				place,
				'This expectation is never checked: it stands before the first request.',
			);
			advance(lines);
		} else section.request = parseRequest(context, section, first);
	}
	section.end = lines.open ? lines.start : text.length;
	return section;
}

function parseVariable(context: ParseContext, section: Section, first: number): void {
	const { text, lines } = context;
	const end = trimEnd(text, first, lines.end);
	const equals = text.indexOf('=', first);
	const nameEnd = equals === -1 || equals >= end ? -1 : trimEnd(text, first + 1, equals);
	const name = nameEnd === -1 ? '' : text.slice(first + 1, nameEnd);
	if (!/^[^\s{}=]+$/.test(name) || name.length > 200) {
		context.report('bad-variable', { start: first, end }, 'A variable is written as @name = value.');
		return;
	}
	const from = Math.min(end, skipBlank(text, equals + 1, lines.end));
	const nameToken = context.token(first + 1, nameEnd, true);
	section.variables = added(section.variables, {
		start: first,
		end,
		name: nameToken,
		value: context.token(from, end),
	});
}
