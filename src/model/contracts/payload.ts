import { jsonProblem } from '../json/problem';

/** Notation of a payload in the compose form. */
export const payloadFormats = ['json', 'text', 'hex', 'base64'] as const;
export type PayloadFormat = (typeof payloadFormats)[number];

/**
 * Matches the start of an object, or of an array of anything but words: a chat line such as "[note] done" is neither.
 */
const jsonStart =
	/^\s*(?:\{\s*(?:["'}]|\w+\s*:)|\[[[\s]*(?:[{"\]]|[-\d.,\seE+]+(?:\]\s*(?:[\],]|$)|["[{]|$)|(?:true|false|null)\s*[,\]]))/;

/** The format assumed for a text if none was chosen. */
export const recognizedFormat = (text: string): PayloadFormat => (jsonStart.test(text) ? 'json' : 'text');

/**
 * The exact bytes, or one sentence that names the problem and its character (from 0). `reason`: why the text is not of its
 * format, as a clause without the place, where the sentence contains the place.
 */
export type Encoded = { bytes: Uint8Array } | { problem: string; at: number; reason?: string };

/**
 * Converts typed text to bytes. Nothing is normalized: JSON and text become the UTF-8 encoding of exactly the typed
 * characters. Empty text is an empty payload in every format.
 */
export function encodePayload(format: PayloadFormat, text: string): Encoded {
	if (text === '') return { bytes: new Uint8Array() };
	if (format === 'hex') return fromHex(text);
	if (format === 'base64') return fromBase64(text);
	const lone = /\p{Surrogate}/u.exec(text);
	if (lone) return { problem: 'An incomplete character (a lone surrogate) cannot be sent as text.', at: lone.index };
	const problem = format === 'json' ? jsonProblem(text) : undefined;
	return problem ?? { bytes: new TextEncoder().encode(text) };
}

/** Digits may be separated by white space, commas, colons or hyphens, and pairs may start with 0x. */
export function fromHex(text: string): Encoded {
	const bytes: number[] = [];
	let high: { digit: number; at: number } | undefined;
	for (let at = 0; at < text.length; at++) {
		const character = text.charAt(at);
		const digit = Number.parseInt(character, 16);
		if (!high && character === '0' && /[xX]/.test(text.charAt(at + 1))) {
			at++;
		} else if (!Number.isNaN(digit)) {
			if (high) bytes.push(high.digit * 16 + digit);
			high = high ? undefined : { digit, at };
		} else if (!/[\s,:-]/.test(character)) {
			return { problem: `"${character}" is not a hexadecimal digit.`, at };
		} else if (high) {
			return { problem: 'A byte takes two hexadecimal digits; here is one.', at: high.at };
		}
	}
	if (high) return { problem: 'The number of hexadecimal digits is odd.', at: high.at };
	return { bytes: Uint8Array.from(bytes) };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const sextets = new Map([...alphabet].map((character, value) => [character, value]));
sextets.set('-', 62).set('_', 63);

/**
 * Decodes both alphabets of RFC 4648 (sections 4 and 5). White space is ignored, padding is optional, unused bits must
 * be zero.
 */
export function fromBase64(text: string): Encoded {
	const bytes: number[] = [];
	let bits = 0;
	let held = 0;
	let last = 0;
	let padding = 0;
	for (let at = 0; at < text.length; at++) {
		const character = text.charAt(at);
		if (/\s/.test(character)) continue;
		const sextet = sextets.get(character);
		if (character === '=') padding++;
		else if (sextet === undefined) return { problem: `"${character}" is not a Base64 character.`, at };
		else if (padding > 0) return { problem: 'Nothing may follow the padding "=".', at };
		else {
			held = (held << 6) | sextet;
			bits += 6;
			if (bits >= 8) {
				bits -= 8;
				bytes.push(held >> bits);
				held &= (1 << bits) - 1;
			}
		}
		last = at;
	}
	if (bits === 6) return { problem: 'The Base64 text ends in the middle of a byte.', at: last };
	if (held !== 0) return { problem: 'The Base64 text has unused bits at its end.', at: last };
	if (padding > 0 && padding !== bits / 2) return { problem: 'The padding "=" does not fit the length.', at: last };
	return { bytes: Uint8Array.from(bytes) };
}

/** Lowercase pairs with one space between them. */
export function toHex(bytes: Uint8Array): string {
	const pairs: string[] = [];
	for (const byte of bytes) pairs.push((byte < 16 ? '0' : '') + byte.toString(16));
	return pairs.join(' ');
}

export function toBase64(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length; at += 3) {
		const [a = 0, b, c] = bytes.subarray(at, at + 3);
		text += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | ((b ?? 0) >> 4));
		text += b === undefined ? '=' : alphabet.charAt(((b & 15) << 2) | ((c ?? 0) >> 6));
		text += c === undefined ? '=' : alphabet.charAt(c & 63);
	}
	return text;
}

/** Decodes UTF-8, or returns undefined if the bytes are not valid. A byte order mark is kept. */
export function toText(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

/** The most readable notation that converts back to exactly these bytes. */
export function writePayload(bytes: Uint8Array): { format: PayloadFormat; text: string } {
	const text = toText(bytes);
	if (text === undefined) return { format: 'hex', text: toHex(bytes) };
	// A text area normalizes line ends to "\n", so such a text would change.
	if (text.includes('\r') || text.includes('\0')) return { format: 'hex', text: toHex(bytes) };
	return { format: /^\s*[[{"]/.test(text) && !jsonProblem(text) ? 'json' : 'text', text };
}
