import type { Diagnostic, Fix, Placeholder, Range, Severity, Token } from './ast';
import { createLines, type Lines, trimEnd } from './lines';
import { quote, readQuoted } from './quoted';

/** The state that the parts of the parser share. */
export interface ParseContext {
	text: string;
	lines: Lines;
	diagnostics: Diagnostic[];
	placeholders: Placeholder[];
	report(code: string, range: Range, message: string, fixes?: Fix[], severity?: Severity): void;
	/** The text between two offsets; records its `{{…}}` unless `plain`. Must be called in the order of the text. */
	token(start: number, end: number, plain?: boolean): Token;
	/** The same for a text that may be quoted. Reports a text that begins with a quotation mark and is not a quoted text. */
	value(start: number, end: number): Token;
	/** Records the `{{…}}` of a range. Must be called in the order of the text. */
	scan(start: number, end: number): void;
}

/** A token that slices its text on demand: most tokens of a large file are never read, and each slice costs memory. */
class Piece implements Token {
	constructor(
		private readonly source: string,
		readonly start: number,
		readonly end: number,
	) {}

	get text(): string {
		return this.source.slice(this.start, this.end);
	}
}

class Braces implements Placeholder {
	readonly start: number;
	readonly end: number;

	/** From the end of the opening braces to the start of the closing ones. */
	constructor(
		private readonly source: string,
		from: number,
		to: number,
	) {
		this.start = from - 2;
		this.end = to + 2;
	}

	get content(): Token {
		return new Piece(this.source, this.start + 2, this.end - 2);
	}
}

export const badQuotes =
	'A text in quotation marks is written like a JSON string, with \\" and \\\\ as escapes, and ends the value.';

/** A token in quotation marks. Braces in it are reported, since they look like a variable. */
export function quotedToken(context: ParseContext, start: number, end: number, literal: string): Token {
	const token = { start, end, text: context.text.slice(start, end), literal };
	if (/\{\{.*\}\}/.test(token.text))
		context.report('quoted-variable', token, 'Variables are not replaced in quotation marks.', undefined, 'hint');
	return token;
}

/** Appends without spare capacity: `push` reserves room for 17 items, which thousands of short lists would waste. */
export function added<T>(list: T[], item: T): T[] {
	if (list.length === 0) return [item];
	if (list.length < 4) return list.concat(item);
	list.push(item);
	return list;
}

export function createContext(text: string, from: number): ParseContext {
	const diagnostics: Diagnostic[] = [];
	const placeholders: Placeholder[] = [];
	// The next occurrence of each in the whole text, searched once. Most tokens end before it and cost one comparison.
	let open = text.indexOf('{{', from);
	let close = -1;
	let feed = -1;
	const next = (mark: string, at: number) => {
		const found = text.indexOf(mark, at);
		return found === -1 ? text.length : found;
	};

	function scan(start: number, end: number): void {
		if (open !== -1 && open < start) open = text.indexOf('{{', start);
		while (open !== -1 && open < end) {
			if (feed < open) feed = next('\n', open);
			if (close < open + 2) close = next('}}', open + 2);
			const stop = Math.min(end, feed);
			if (close + 2 <= stop) {
				// In "{{{x}}", the last two braces open the placeholder.
				const inner = text.lastIndexOf('{{', close - 2) + 2;
				placeholders.push(new Braces(text, inner, close));
				open = text.indexOf('{{', close + 2);
			} else open = text.indexOf('{{', stop);
		}
	}

	const context: ParseContext = {
		text,
		lines: createLines(text, from),
		diagnostics,
		placeholders,
		report(code, { start, end }, message, fixes, severity = 'error') {
			diagnostics.push({ code, severity, start, end, message, ...(fixes && { fixes }) });
		},
		token(start, end, plain = false) {
			if (!plain) scan(start, end);
			return new Piece(text, start, end);
		},
		value(start, end) {
			if (text.charCodeAt(start) !== 34) return context.token(start, end);
			const stop = trimEnd(text, start, end);
			const read = readQuoted(text, start, stop);
			if (read?.end === stop) return quotedToken(context, start, stop, read.literal);
			const place = { start, end: stop };
			context.report('bad-quotes', place, badQuotes, [
				{ title: 'Quote the whole text', range: place, text: quote(text.slice(start, stop)) },
			]);
			return new Piece(text, start, end);
		},
		scan,
	};
	return context;
}
