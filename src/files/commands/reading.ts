import { type Option, quote } from './shell';
import type { Sketch } from './sketch';

/** What a command takes: options with a value, and those without; each with all its spellings. */
export const options = (withValue: string[], flags: string[] = []): Option[] => [
	...withValue.map((names) => ({ names: names.split(' '), takes: 1 })),
	...flags.map((names) => ({ names: names.split(' ') })),
];

export const start = (verb: string): Sketch => ({
	verb,
	target: '',
	headers: [],
	metadata: [],
	messages: [],
	dropped: [],
});

/** Words of a command for a sentence that says they are left out. */
export const asWritten = (words: string[]) =>
	words
		.filter((one) => one !== '')
		.map(quote)
		.join(' ');

/** "Name: value" as a header. */
export function pairOf(text: string): [string, string] {
	const colon = text.indexOf(':');
	return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}
