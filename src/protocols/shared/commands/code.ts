import { toText } from '../../../model/contracts/payload';

/** A piece of a generated program. Only `python`, `script` and `comment` create one, so that every value in it is quoted. */
class Code {
	constructor(readonly text: string) {}
}

export type { Code };

export type Value = string | number | bigint | boolean | null | Uint8Array | Code | readonly Code[];

/** Control characters, line ends, and marks that change the direction of text: unescaped, they hide parts of a literal. */
const hidden = /[\p{Cc}\u2028\u2029\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The text after a round trip through UTF-8: a lone surrogate becomes U+FFFD. */
export const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

export const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A literal that Python and JavaScript both read as exactly this text, also in a script of an HTML page. */
function literal(text: string): string {
	const code = (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
	return JSON.stringify(wellFormed(text))
		.replace(hidden, code)
		.replace(/<(?=\/script|!--)/gi, code);
}

interface Language {
	words: Record<string, string>;
	number(value: number): string;
	bigint(value: bigint): string;
	bytes(text: string | undefined, hex: string): string;
}

const sign = (value: number) => (Object.is(value, -0) ? '-0.0' : String(value));

const languages: Record<'python' | 'script', Language> = {
	python: {
		words: { true: 'True', false: 'False', null: 'None' },
		number: (value) => (Number.isFinite(value) ? sign(value) : `float("${value}")`),
		bigint: String,
		bytes: (text, hex) => (text === undefined ? `bytes.fromhex("${hex}")` : `${literal(text)}.encode()`),
	},
	script: {
		words: { true: 'true', false: 'false', null: 'null' },
		number: sign,
		bigint: (value) => `${value}n`,
		bytes: (text, hex) => (text === undefined ? `Buffer.from('${hex}', 'hex')` : `Buffer.from(${literal(text)})`),
	},
};

function written(value: Value, language: Language): string {
	if (value instanceof Code) return value.text;
	if (value instanceof Uint8Array) return language.bytes(toText(value), hexOf(value));
	if (typeof value === 'string') return literal(value);
	if (typeof value === 'number') return language.number(value);
	if (typeof value === 'bigint') return language.bigint(value);
	if (typeof value === 'boolean' || value === null) return language.words[String(value)] ?? '';
	return value.map((one) => one.text).join(', ');
}

const writer =
	(language: Language) =>
	(parts: TemplateStringsArray, ...values: Value[]): Code =>
		new Code(parts.map((part, at) => (at === 0 ? part : written(values[at - 1] ?? null, language) + part)).join(''));

/** Python code. Texts, numbers, bytes and booleans become literals; a list of code is separated by commas. */
export const python = writer(languages.python);
/** JavaScript code, likewise. */
export const script = writer(languages.script);

/** The text on a single line, without characters that end it. */
export const oneLine = (text: string) => wellFormed(text).replace(hidden, ' ');

/**
 * A comment that states what the program lacks. In Python it must not be one of the first two lines, in which a comment can
 * set the encoding of the file (PEP 263).
 */
export const comment = (start: '#' | '//', text: string) => new Code(`${start} ${oneLine(text)}`);

export const program = (lines: readonly Code[]) => `${lines.map(({ text }) => text).join('\n')}\n`;
