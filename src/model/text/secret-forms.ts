import { ordinaryWords } from './ordinary-words';

/** An encoded form of a secret. */
export interface Form {
	text: string;
	/** Only matched as a whole word: too short or too plain to be recognized within a longer one. */
	weak: boolean;
	/** Base64, whose alphabet defines the limits of the surrounding word. */
	encoded: boolean;
}

/** Minimum length in characters; shorter texts occur by chance. */
const shortest = 2;
const shortestEncoded = 4;
const shortestWithin = 8;

/**
 * All forms of a secret: literal, percent-encoded, JSON, HTML, hexadecimal and base64, also after each of `names`, as a
 * user name precedes a password (RFC 7617, RFC 4616). Omits forms that would be masked everywhere: single characters
 * and ordinary words.
 */
export function formsOf(secret: string, names: readonly string[] = []): Form[] {
	const forms = new Map<string, Form>();
	const add = (text: string, minimum: number, encoded = false, weak = isWeak(text)) => {
		if (text.length >= minimum && !ordinaryWords.has(text.toLowerCase())) forms.set(text, { text, weak, encoded });
	};
	for (const text of written(secret)) add(text, shortest);
	const bytes = utf8(secret);
	const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	for (const text of [hex, hex.toUpperCase()]) add(text, shortestWithin);
	for (const text of base64(bytes)) add(text, shortestEncoded, true);
	for (const text of base64Within(bytes)) add(text, shortestWithin, true, false);
	// The part of a longer base64 text that depends on a short secret alone is too short to be found.
	if (bytes.length < shortestWithin)
		for (const name of ['', ...names.slice(0, 50)])
			for (const pair of [`${name}:${secret}`, `\0${name}\0${secret}`, `${name}\0${name}\0${secret}`])
				for (const text of base64(utf8(pair))) add(text, shortestEncoded, true);
	return [...forms.values()];
}

function isWeak(text: string): boolean {
	const kinds = [/\p{L}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(text)).length;
	return text.length < 12 && (text.length < 6 || kinds < 2);
}

function written(secret: string): string[] {
	const percent = encodeURIComponent(secret.replace(/[\ud800-\udfff]/gu, '\ufffd'));
	const strict = percent.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
	const lower = (text: string) => text.replace(/%../g, (one) => one.toLowerCase());
	const json = JSON.stringify(secret).slice(1, -1);
	const html = secret.replace(
		/[&<>"]/g,
		(one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? '',
	);
	const escaped = json.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const forms = [secret, percent, strict, lower(percent), lower(strict), strict.replaceAll('%20', '+')];
	// This product's messages show control characters in this form.
	const visible = secret.replace(
		/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
		(one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`,
	);
	return [...forms, json, json.replaceAll('/', '\\/'), escaped, html, html.replaceAll("'", '&#39;'), visible];
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const bothAlphabets = (text: string): string[] => [text, text.replaceAll('+', '-').replaceAll('/', '_')];

function base64(bytes: Uint8Array): string[] {
	const text = toBase64(bytes);
	return [...bothAlphabets(text), ...bothAlphabets(text.replace(/=+$/, ''))];
}

/** The part of a longer text's base64 that depends on these bytes alone, after 0, 1 or 2 other bytes. */
function base64Within(bytes: Uint8Array): string[] {
	return [0, 1, 2].flatMap((before) => {
		const text = toBase64(Uint8Array.from([...new Uint8Array(before), ...bytes]));
		return bothAlphabets(text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)));
	});
}
