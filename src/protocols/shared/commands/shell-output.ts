import { toText } from '../../../model/contracts/payload';
import type { Message } from './sketch';

const encoder = new TextEncoder();
export const needsShell = (text: string) => new Error(`"${text}" needs a shell. Paste a single command without it.`);

export function decoded(bytes: Uint8Array): string {
	const text = toText(bytes);
	if (text === undefined) throw new Error('An escaped text is not valid UTF-8.');
	if (text.includes('\0')) throw new Error('An escaped text contains a NUL, which no argument can contain.');
	return text;
}

/** What a command in front of a pipe writes. `ended`: with a line end that is not part of its arguments. */
export interface Output {
	message: Message;
	ended?: boolean;
}

/** The output of `printf`, `echo` or `cat file`; undefined for a command whose output is not known. */
export function outputOf(words: readonly string[]): Output | undefined {
	const [name, ...args] = words;
	if (name === 'printf') return { message: { bytes: printed(args) } };
	if (name === 'echo') return echoed(args);
	const [file, ...more] = args;
	return name === 'cat' && file !== undefined && !file.startsWith('-') && more.length === 0
		? { message: { file } }
		: undefined;
}

/** `echo` of bash: it decodes escapes with -e only. */
function echoed(args: readonly string[]): Output {
	const first = args.findIndex((one) => !/^-[neE]+$/.test(one));
	const flags = args.slice(0, first === -1 ? args.length : first).join('');
	const text = first === -1 ? '' : args.slice(first).join(' ');
	const bytes = flags.includes('e') ? unescaped(text) : encoder.encode(text);
	if (flags.includes('n')) return { message: { bytes } };
	return { message: { bytes: Uint8Array.from([...bytes, 0x0a]) }, ended: true };
}

/** The output of `printf` (POSIX). Its format is used again until no argument is left; it may contain `%s` and `%%`. */
export function printed([format = '', ...args]: readonly string[]): Uint8Array {
	const parts = format.split(/(%%|%.?)/);
	if (parts.some((one) => /^%[^%s]?$/.test(one))) throw needsShell('printf');
	const bytes: number[] = [];
	const takes = parts.includes('%s');
	do
		for (const part of parts) {
			if (part === '%%') bytes.push(0x25);
			else for (const byte of part === '%s' ? encoder.encode(args.shift() ?? '') : unescaped(part)) bytes.push(byte);
		}
	while (takes && args.length > 0);
	return Uint8Array.from(bytes);
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b' };

/** Decodes the escapes of `printf` and `$'…'`. */
export function unescaped(text: string): Uint8Array {
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
