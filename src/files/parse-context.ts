import type { Diagnostic, Fix, Placeholder, Range, Severity, Token } from './ast';
import { createLines, type Lines } from './lines';

/** What the parts of the parser share. */
export interface ParseContext {
	text: string;
	lines: Lines;
	diagnostics: Diagnostic[];
	placeholders: Placeholder[];
	report(code: string, range: Range, message: string, fixes?: Fix[], severity?: Severity): void;
	/** The text between two offsets; its `{{…}}` are noted unless `plain`. To be called in the order of the text. */
	token(start: number, end: number, plain?: boolean): Token;
	/** Notes the `{{…}}` of a range. To be called in the order of the text. */
	scan(start: number, end: number): void;
}

export function createContext(text: string, from: number): ParseContext {
	const diagnostics: Diagnostic[] = [];
	const placeholders: Placeholder[] = [];
	// The next of each in the whole text, looked for once: most pieces end before it and cost one comparison.
	let open = text.indexOf('{{', from);
	let close = -1;
	let feed = -1;
	const next = (what: string, at: number) => {
		const found = text.indexOf(what, at);
		return found === -1 ? text.length : found;
	};

	function scan(start: number, end: number): void {
		if (open !== -1 && open < start) open = text.indexOf('{{', start);
		while (open !== -1 && open < end) {
			if (feed < open) feed = next('\n', open);
			if (close < open + 2) close = next('}}', open + 2);
			const stop = Math.min(end, feed);
			if (close + 2 <= stop) {
				// Of "{{{x}}" the last two braces open it.
				const inner = text.lastIndexOf('{{', close - 2) + 2;
				const content = { start: inner, end: close, text: text.slice(inner, close) };
				placeholders.push({ start: inner - 2, end: close + 2, content });
				open = text.indexOf('{{', close + 2);
			} else open = text.indexOf('{{', stop);
		}
	}

	return {
		text,
		lines: createLines(text, from),
		diagnostics,
		placeholders,
		report(code, { start, end }, message, fixes, severity = 'error') {
			diagnostics.push({ code, severity, start, end, message, ...(fixes && { fixes }) });
		},
		token(start, end, plain = false) {
			if (!plain) scan(start, end);
			return { start, end, text: text.slice(start, end) };
		},
		scan,
	};
}
