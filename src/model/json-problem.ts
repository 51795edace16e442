const mark = '([{}[\\],:])';
/** Unrolled, so that a string of megabytes needs no stack. */
const string = '("[^"\\\\\\x00-\\x1f]*(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\\\\x00-\\x1f]*)*")';
const literal = '(-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null)';
const token = new RegExp(`${mark}|${string}|${literal}`, 'y');
const blank = /[ \t\n\r]*/y;

type Want = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';
const wanted: Record<Want, string> = {
	value: 'a value',
	'value or ]': 'a value or "]"',
	key: 'a name in double quotes',
	'key or }': 'a name in double quotes or "}"',
	':': '":"',
	', or end': '"," or the end',
};

/**
 * Where a text stops being JSON (RFC 8259), and what should stand there; undefined if it is JSON. The engines' own
 * messages do not always name a place. Goes as deep as the text does without recursion.
 */
export function jsonProblem(text: string): { problem: string; at: number } | undefined {
	const open: ('{' | '[')[] = [];
	let want: Want = 'value';
	let at = 0;
	for (;;) {
		blank.lastIndex = at;
		blank.test(text);
		at = blank.lastIndex;
		const done: boolean = want === ', or end' && open.length === 0;
		if (at >= text.length)
			return done ? undefined : { problem: `The JSON ends where ${wanted[want]} should stand.`, at };
		token.lastIndex = at;
		const [found, ...parts] = token.exec(text) ?? [];
		const next: Want | undefined = found === undefined || done ? undefined : step(want, open, ...parts);
		if (!next) return { problem: done ? 'Something follows the end of the JSON value.' : bad(text, at, want), at };
		want = next;
		at += found?.length ?? 0;
	}
}

function bad(text: string, at: number, want: Want): string {
	const { line, column } = lineAndColumn(text, at);
	const place = `line ${line}, column ${column}`;
	if (text.charAt(at) === '"' && /value|key/.test(want))
		return `The string that starts at ${place} is not closed or has a bad escape.`;
	return `At ${place} the JSON needs ${wanted[want]}.`;
}

/** Both from 1. */
export function lineAndColumn(text: string, at: number): { line: number; column: number } {
	const before = text.slice(0, at).split('\n');
	return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What may follow, or undefined if this token may not stand here. Opens and closes brackets. */
function step(want: Want, open: ('{' | '[')[], mark?: string, string?: string, literal?: string): Want | undefined {
	if (want.startsWith('value')) {
		if (string !== undefined || literal !== undefined) return ', or end';
		if (mark === '{' || mark === '[') {
			open.push(mark);
			return mark === '{' ? 'key or }' : 'value or ]';
		}
		return mark === ']' && want === 'value or ]' ? close(open) : undefined;
	}
	if (want.startsWith('key')) {
		if (string !== undefined) return ':';
		return mark === '}' && want === 'key or }' ? close(open) : undefined;
	}
	if (want === ':') return mark === ':' ? 'value' : undefined;
	const inside = open.at(-1);
	if (mark === ',') return inside === '{' ? 'key' : 'value';
	return mark === (inside === '{' ? '}' : ']') ? close(open) : undefined;
}

function close(open: ('{' | '[')[]): Want {
	open.pop();
	return ', or end';
}
