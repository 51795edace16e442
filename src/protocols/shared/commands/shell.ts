import { oneLine, wellFormed } from './code';
import { type LeftOut, sentence } from './literals';
import type { Message } from './sketch';

export { splitCommand } from './shell-reader';

/** A terminal obeys pasted control characters, even in quotes; the other marks change the direction of text. */
const controls = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Line ends are safe, but on a second line older shells expand "!" from their history, even in quotes. */
const isSafe = (text: string) => !controls.test(text) && !(text.includes('\n') && text.includes('!'));

const singleQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Quotes a word for a POSIX shell. Safe for every text without NUL. */
export function quote(text: string): string {
	// zsh expands a leading "=" to the path of a command.
	if (/^(?!=)[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
	if (isSafe(text)) return singleQuoted(wellFormed(text));
	// `$(…)` removes trailing line ends.
	let end = text.length;
	while (text.charAt(end - 1) === '\n') end--;
	const start = printf(new TextEncoder().encode(text.slice(0, end)));
	return `"$(${start})"${end === text.length ? '' : singleQuoted(text.slice(end))}`;
}

/**
 * A command that writes exactly these bytes. Every `printf` supports octal escapes (POSIX, printf). A leading "-" is escaped
 * since it starts an option, and "!" since shells expand it within double quotes.
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

/** Maximum length of all words, in UTF-16 units. Linux accepts 128 KiB for one word, other systems 256 KiB for all. */
const maxWords = 40_000;

/** A command with its input. Undefined if a word contains a NUL or the command is too long. */
export function commandLine(words: readonly string[], input?: Message): string | undefined {
	const all = words.join(' ');
	if (all.includes('\0') || all.length > maxWords) return undefined;
	const command = words.map(quote).join(' ');
	if (!input) return command;
	return 'file' in input ? `${command} < ${quote(input.file)}` : `${printf(input.bytes)} | ${command}`;
}

/** Returns true if a message can be an argument: a short text without invisible characters. */
export function asWord(text: string | undefined): text is string {
	return text !== undefined && text !== '' && text.length <= maxWords / 2 && isSafe(text);
}

/** A remark, as a command without an effect: in an interactive zsh, a line that starts with "#" is a command. */
const note = (text: string) => `: ${singleQuoted(oneLine(text))}`;

/** The commands, behind remarks on the parts that are left out. Undefined if a command cannot be written. */
export function scriptOf(left: readonly LeftOut[], commands: readonly (string | undefined)[]): string | undefined {
	if (commands.includes(undefined)) return undefined;
	return [...left.map((one) => note(sentence(one))), ...commands].join('\n');
}
