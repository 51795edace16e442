import { sentence } from '../../../base/sentence';

/** A regular expression as data: `source` and `flags` as the constructor of RegExp takes them. */
export interface Pattern {
	source: string;
	flags: string;
}

/**
 * Reads `pattern` or `/pattern/flags` as a regular expression of JavaScript. The flag `u` is always set; `i`, `m` and `s`
 * may be added. Nothing is matched here: a pattern can take exponential time, so matching needs a time limit.
 */
export function readPattern(text: string): Pattern | { problem: string } {
	const [, source = text, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
	const unknown = /[^ims]/.exec(flags)?.[0];
	if (unknown) return { problem: `The flag "${unknown}" is not supported. Use i, m or s.` };
	try {
		return { source, flags: new RegExp(source, `u${flags}`).flags };
	} catch (error) {
		const reason = error instanceof Error ? error.message.replace(/^.*?: /, '') : '';
		return { problem: sentence(`The pattern is not valid: ${reason}`) };
	}
}
