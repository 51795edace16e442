import { fail } from './failure';

/**
 * Maximum nesting of lists and objects in a connection or an environment. Far above any real one, and far below the
 * depth at which a recursive reader, comparison or copy overflows the stack.
 */
export const maxDepth = 100;

export const tooDeep = `more than ${maxDepth} levels of lists and objects in each other`;

/** Whether a value parsed from JSON exceeds the limit. Does not recurse. */
export function isTooDeep(value: unknown, limit = maxDepth): boolean {
	let level = [value];
	for (let depth = 0; ; depth++) {
		const containers = level.filter((one) => typeof one === 'object' && one !== null);
		if (containers.length === 0) return false;
		if (depth === limit) return true;
		level = containers.flatMap((one) => Object.values(one as object));
	}
}

/** Throws `too-deep`. `what` starts the sentence: "The connection". */
export function requireShallow(value: unknown, what: string, limit?: number): void {
	if (isTooDeep(value, limit)) throw fail('too-deep', `${what} has ${tooDeep}.`, { final: true });
}

/**
 * JSON with comments in which everything beyond the limit is replaced with blanks, so that offsets stay valid. `at` is
 * where that starts, undefined if nothing was replaced. An unmatched bracket is left open, as a tolerant parser leaves
 * it.
 */
export function shallow(text: string, limit = maxDepth): { text: string; at?: number } {
	const open: string[] = [];
	let result = '';
	let copied = 0;
	let first: number | undefined;
	for (let at = 0; at < text.length; at++) {
		const one = text[at];
		if (one === '"') at = endOfString(text, at);
		else if (one === '/') at = endOfComment(text, at);
		else if (one === '[' || one === '{') {
			open.push(one === '[' ? ']' : '}');
			if (open.length !== limit + 1) continue;
			first ??= at;
			result += `${text.slice(copied, at)}0`;
			copied = at + 1;
		} else if (one === open.at(-1)) {
			open.pop();
			if (open.length !== limit) continue;
			result += ' '.repeat(at + 1 - copied);
			copied = at + 1;
		}
	}
	if (first === undefined) return { text };
	result += open.length > limit ? ' '.repeat(text.length - copied) : text.slice(copied);
	return { text: result, at: first };
}

/** Index of the string's last character. A line break ends the string, too. */
function endOfString(text: string, start: number): number {
	for (let at = start + 1; at < text.length; at++) {
		const one = text[at];
		if (one === '\\') at++;
		else if (one === '"' || one === '\n' || one === '\r') return at;
	}
	return text.length;
}

/** Index of the comment's last character, or `start` if no comment begins there. */
function endOfComment(text: string, start: number): number {
	if (text[start + 1] === '/') {
		const lineEnd = /[\r\n]/g;
		lineEnd.lastIndex = start;
		return lineEnd.exec(text)?.index ?? text.length;
	}
	if (text[start + 1] !== '*') return start;
	const end = text.indexOf('*/', start + 2);
	return end < 0 ? text.length : end + 1;
}
