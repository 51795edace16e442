import { oneLine, wellFormed } from './code';
import { type LeftOut, sentence } from './literals';
import type { Message } from './sketch';

export { splitCommand } from './shell-reader';

/** A terminal acts on control characters that are pasted, even in quotes; the others turn the direction of text. */
const controls = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Line ends are fine, but on a second line older shells look "!" up in their history, quoted or not. */
const isSafe = (text: string) => !controls.test(text) && !(text.includes('\n') && text.includes('!'));

const singleQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A word of a command line as a POSIX shell reads it, safe for every text without NUL. */
export function quote(text: string): string {
	// zsh takes a "=" in front for the path of a command.
	if (/^(?!=)[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
	if (isSafe(text)) return singleQuoted(wellFormed(text));
	// `$(…)` drops line ends at the end.
	let end = text.length;
	while (text.charAt(end - 1) === '\n') end--;
	const start = printf(new TextEncoder().encode(text.slice(0, end)));
	return `"$(${start})"${end === text.length ? '' : singleQuoted(text.slice(end))}`;
}

/**
 * A command that writes exactly these bytes: octal escapes are what every `printf` knows (POSIX, printf). A "-" in front
 * would be an option, and "!" a look into the history within double quotes.
 */
export function printf(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) {
		const plain = byte >= 0x20 && byte < 0x7f && !"%'\\!".includes(String.fromCharCode(byte));
		text +=
			plain && !(text === '' && byte === 0x2d) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
	}
	return `printf '${text}'`;
}

/** UTF-16 units of all words: Linux takes 128 KiB for one word, other systems 256 KiB for all. */
const maxWords = 40_000;

/** A command, and what it reads. Undefined: a word of it cannot be one, since it has a NUL or is too long. */
export function commandLine(words: readonly string[], input?: Message): string | undefined {
	const all = words.join(' ');
	if (all.includes('\0') || all.length > maxWords) return undefined;
	const command = words.map(quote).join(' ');
	if (!input) return command;
	return 'file' in input ? `${command} < ${quote(input.file)}` : `${printf(input.bytes)} | ${command}`;
}

/** Whether a message can be a word: a short text that a reader can see as it is. */
export function asWord(text: string | undefined): text is string {
	return text !== undefined && text !== '' && text.length <= maxWords / 2 && isSafe(text);
}

/** A line that says something. It is a command that does nothing: zsh runs what looks like a comment when it is typed. */
const note = (text: string) => `: ${singleQuoted(oneLine(text))}`;

/** Lines of commands, behind what they lack. Undefined if one of them cannot be written. */
export function scriptOf(left: readonly LeftOut[], commands: readonly (string | undefined)[]): string | undefined {
	if (commands.includes(undefined)) return undefined;
	return [...left.map((one) => note(sentence(one))), ...commands].join('\n');
}
