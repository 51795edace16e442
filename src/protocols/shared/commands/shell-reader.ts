import { toText } from '../../../model/contracts/payload';
import type { Message } from './sketch';

/** One command of a pasted text: its words, and its input from `printf '…' |` or `< file`. */
export interface Command {
	words: string[];
	input?: Message;
}

const encoder = new TextEncoder();
const needsShell = (text: string) => new Error(`"${text}" needs a shell. Paste a single command without it.`);

function decoded(bytes: Uint8Array): string {
	const text = toText(bytes);
	if (text === undefined) throw new Error('An escaped text is not valid UTF-8.');
	if (text.includes('\0')) throw new Error('An escaped text contains a NUL, which no argument can contain.');
	return text;
}

/**
 * The commands of a text (POSIX shell, sections 2.2 and 2.3), with `$'…'` of bash. Nothing is evaluated: variables and file
 * patterns are text. Throws an Error with one sentence for anything else that needs a shell.
 */
export function readCommands(text: string): Command[] {
	const commands: Command[] = [];
	let words: string[] = [];
	let word: string | undefined;
	let input: Message | undefined;
	let redirected = false;
	const add = (more: string) => {
		word = (word ?? '') + more;
	};
	const endWord = () => {
		if (word !== undefined && redirected) input = { file: word };
		else if (word !== undefined) words.push(word);
		if (word !== undefined) redirected = false;
		word = undefined;
	};
	const endCommand = () => {
		endWord();
		if (redirected) throw needsShell('<');
		// Removes a copied prompt, and skips remarks, which are commands without an effect.
		if (words[0] === '$') words.shift();
		if (words.length > 0 && words[0] !== ':') commands.push({ words, ...(input && { input }) });
		words = [];
		input = undefined;
	};
	for (let at = 0; at < text.length; at++) {
		const one = text.charAt(at);
		const rest = text.slice(at);
		const continued = /^\\\r?\n/.exec(rest)?.[0];
		if (continued) at += continued.length - 1;
		else if (one === '\n' && !/^\n\s*-/.test(rest)) endCommand();
		else if (' \t\r\n'.includes(one)) endWord();
		else if (one === '#' && words.length === 0 && word === undefined) at += (/^.*/.exec(rest)?.[0].length ?? 1) - 1;
		else if (one === "'") {
			const end = text.indexOf("'", at + 1);
			if (end === -1) throw new Error('A quotation mark is not closed.');
			add(text.slice(at + 1, end));
			at = end;
		} else if (one === '"' || rest.startsWith('$"')) {
			const [whole, value] = doubleQuoted(one === '"' ? rest : rest.slice(1));
			add(value);
			at += whole + (one === '"' ? 0 : 1) - 1;
		} else if (rest.startsWith("$'")) {
			const [whole, inner = ''] = /^\$'((?:[^'\\]|\\[\s\S])*)'/.exec(rest) ?? [];
			if (whole === undefined) throw new Error('A quotation mark is not closed.');
			add(decoded(unescaped(inner)));
			at += whole.length - 1;
		} else if (rest.startsWith('$(')) {
			const [whole, value] = substitution(rest);
			add(value);
			at += whole - 1;
		} else if (one === '\\') add(text.charAt(++at));
		else if (one === '|') {
			endWord();
			if (words.length !== 2 || words[0] !== 'printf' || input) throw needsShell('|');
			input = { bytes: printed(words[1] ?? '') };
			words = [];
		} else if (/^<(?![<(&>])/.test(rest) && !input) {
			endWord();
			redirected = true;
		} else if ('|;&<>()`'.includes(one)) throw needsShell(one);
		else add(one);
	}
	endCommand();
	return commands;
}

/** The words of one command. */
export function splitCommand(line: string): string[] {
	const [command, ...others] = readCommands(line);
	if (others.length > 0) throw new Error('The text contains several commands.');
	return command?.words ?? [];
}

/** Reads `"…"` at the start of a text: its length, and its content. */
function doubleQuoted(text: string): [number, string] {
	let value = '';
	for (let at = 1; at < text.length; at++) {
		const one = text.charAt(at);
		if (one === '"') return [at + 1, value];
		if (one === '`') throw needsShell('`');
		if (text.startsWith('$(', at)) {
			const [whole, inner] = substitution(text.slice(at));
			value += inner;
			at += whole - 1;
		} else if (one === '\\' && /["$`\\\n]/.test(text.charAt(at + 1))) {
			at++;
			if (text.charAt(at) !== '\n') value += text.charAt(at);
		} else value += one;
	}
	throw new Error('A quotation mark is not closed.');
}

/** Reads `$(printf '…')`, which `quote` writes for texts that cannot be pasted as they are. */
function substitution(text: string): [number, string] {
	const [whole, format] = /^\$\(printf '([^']*)'\)/.exec(text) ?? [];
	if (whole === undefined || format === undefined) throw needsShell('$(');
	return [whole.length, decoded(printed(format)).replace(/\n+$/, '')];
}

/** The output of `printf` for a format without arguments. */
function printed(format: string): Uint8Array {
	if (/%(?!%)/.test(format.replaceAll('%%', ''))) throw needsShell('printf');
	return unescaped(format.replaceAll('%%', '%'));
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b' };

/** Decodes the escapes of `printf` and `$'…'`. */
function unescaped(text: string): Uint8Array {
	const bytes: number[] = [];
	const pattern =
		/\\(?:x([\dA-Fa-f]{1,2})|(?:u([\dA-Fa-f]{1,4})|U([\dA-Fa-f]{1,8}))|([0-7]{1,3})|([\s\S]))|[^\\]+|\\$/g;
	for (const [all, hex, short, long, octal, letter] of text.matchAll(pattern)) {
		const code = short ?? long;
		if (hex) bytes.push(Number.parseInt(hex, 16));
		else if (octal) bytes.push(Number.parseInt(octal, 8) & 0xff);
		else if (code) bytes.push(...encoder.encode(String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff))));
		else bytes.push(...encoder.encode(letter ? (escapes[letter] ?? letter) : all));
	}
	return Uint8Array.from(bytes);
}
