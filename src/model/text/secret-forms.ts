import { ordinaryWords } from './ordinary-words';

/** One way in which a secret can stand in a text. */
export interface Form {
	text: string;
	/** Counts only as a whole word: it is too short or too plain to be the secret within a longer one. */
	weak: boolean;
	/** In base64, whose alphabet decides how far the word around it reaches. */
	encoded: boolean;
}

/** Characters. Shorter ones occur by chance. */
const shortest = 2;
const shortestEncoded = 4;
const shortestWithin = 8;

/**
 * As it is, percent-encoded, in JSON, in HTML, in hexadecimal and in base64, there also behind each of `names`, as a user
 * name stands before a password (RFC 7617 and RFC 4616). Nothing of what would be masked everywhere: a single character
 * or an ordinary word.
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
	// The part of a longer base64 text that a short secret decides alone is too short to be found.
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
	// As the sentences of this product show control characters.
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

/** What these bytes alone decide of the base64 of a longer text, behind 0, 1 or 2 other bytes. */
function base64Within(bytes: Uint8Array): string[] {
	return [0, 1, 2].flatMap((before) => {
		const text = toBase64(Uint8Array.from([...new Uint8Array(before), ...bytes]));
		return bothAlphabets(text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)));
	});
}
