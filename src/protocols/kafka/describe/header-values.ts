/*
 * Header values as a user writes them. Values of Kafka are bytes or null: a text is its UTF-8 encoding, and other values have
 * their type in front.
 */

export const headerHelp = 'A value is text unless a type precedes it: (bytes) 0aff in hexadecimal, (null), (text).';

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes of a value; undefined: null. Throws an Error with one sentence that names the header. */
export function headerBytes(name: string, text: string): Uint8Array | undefined {
	const [, type, rest = ''] = /^\((bytes|null|text)\)\s?([\s\S]*)$/.exec(text) ?? [];
	if (type === undefined) return encoder.encode(text);
	if (type === 'text') return encoder.encode(rest);
	if (type === 'null' && rest === '') return undefined;
	if (type === 'bytes' && /^([0-9a-f]{2})*$/i.test(rest.trim()))
		return Uint8Array.from(rest.trim().match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
	throw new Error(`The header "${name.slice(0, 60)}" is not a valid value of the type ${type}.`);
}

/** The inverse: `headerBytes` converts the text back to exactly these bytes. */
export function headerText(value: Uint8Array | undefined): string {
	if (!value) return '(null)';
	const text = textOf(value);
	if (text === undefined) return `(bytes) ${hex(value)}`;
	return /^\((bytes|null|text)\)/.test(text) ? `(text) ${text}` : text;
}

/** Bytes as text; undefined if they are not UTF-8, or have control characters that a line cannot show. */
export function textOf(bytes: Uint8Array): string | undefined {
	try {
		const text = strict.decode(bytes);
		return /[\p{Cc}\u2028\u2029]/u.test(text) ? undefined : text;
	} catch {
		return undefined;
	}
}

export const hex = (bytes: Uint8Array): string =>
	Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
