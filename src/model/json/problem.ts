import { type JsonVisitor, scanJson } from './json';

export { lineAndColumn } from './json';

const nothing: JsonVisitor = { open() {}, close() {}, leaf() {} };

/**
 * Where a text stops being JSON (RFC 8259) and what is expected there; undefined if it is JSON. A byte order mark is a
 * problem: a sender must not add one (section 8.1).
 */
export function jsonProblem(text: string): { problem: string; at: number; reason?: string } | undefined {
	if (text.startsWith('\ufeff')) return { problem: 'JSON must not begin with a byte order mark.', at: 0 };
	const { at, error, reason } = scanJson(text, nothing);
	return error && { problem: error.message, at, ...(reason === undefined ? {} : { reason }) };
}
