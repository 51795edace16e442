import type { Failure } from '../../base/failure';
import type { ResolvedProfile } from '../profile/profile';
import { type Form, formsOf } from './secret-forms';

/** Masks secrets in a text for a log, a notification, a report or a failure. */
export type Redactor = (text: string) => string;

const dots = '•••';
/** Each repetition is bounded or anchored at the start of a word, so that matching stays linear. */
const scheme = String.raw`(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:?\/{2,}`;
const credentialRules: [RegExp, string][] = [
	// user:password@ in a URL, with "@" in the password, and with "/", "?" or "#" where no port can precede them.
	[new RegExp(String.raw`(${scheme})[^\s/?#@]*(?:@[^\s/?#@]*)*@`, 'gi'), `$1${dots}@`],
	[
		new RegExp(String.raw`(${scheme})[^\s/?#@:•[\]]*:(?!\d{0,5}(?:[/?#\s"'”’,;)]|$))[^\s]{0,1000}@`, 'gi'),
		`$1${dots}@`,
	],
	[/\b(authorization\s*[:=]\s*(?:(?:basic|bearer|digest)\s+)?)[^\s,;"']+/gi, `$1${dots}`],
	[/\b(bearer|basic)\s+[a-z0-9+/_~.=-]{6,}/gi, `$1 ${dots}`],
	[
		/(["']?(?:password|passwd|passphrase|secret|token|api[_-]?key)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
		`$1${dots}`,
	],
	[/\b(pass(?:word|wd|phrase) (?:is |was )?)(?:"[^"]+"|'[^']+')/gi, `$1${dots}`],
];

/**
 * Masks credentials in URLs and headers, and the secrets in use, literally and in the encodings of the protocols. Every
 * text passes through here before it is output. Only whole words are masked, because a mask within a word shows where
 * the secret begins and ends. An occurrence within one of the `names`, which the user has chosen and sees elsewhere,
 * stays. A secret that is an ordinary word is masked only where any value would be: a missing word of a known sentence
 * would reveal it.
 */
export function createRedactor(secrets: Iterable<string>, names: Iterable<string> = []): Redactor {
	const shown = [...new Set(names)].filter((name) => name !== '');
	const forms = [...new Set(secrets)].flatMap((secret) => formsOf(secret, shown));
	return (text) => {
		const spans = forms.flatMap((form) => [...occurrences(text, form, shown), ...cutOccurrences(text, form)]);
		let clean = withDots(text, spans);
		for (const [pattern, replacement] of credentialRules) clean = clean.replace(pattern, replacement);
		return clean;
	};
}

/** For a single text. */
export const redact = (text: string, secrets: Iterable<string> = []): string => createRedactor(secrets)(text);

const withoutScheme =
	/(?<![^\s"'“‘(=<])(?!(?:xmpp|mailto|sips?|im|pres):)[^\s"'“‘(=<>:/@]{1,200}:(?!\/\/)[^\s"'“‘<>]{0,1000}@(?=[^\s@])/gi;

/** scheme://user:password with the rest missing. */
const withoutHost = new RegExp(
	String.raw`(${scheme}[^\s/?#@:[\]]+:)(?!\d{1,5}(?:[/?#\s"'”’.,;)]|$)|[{$•])[^\s"'”’]+`,
	'gi',
);

/**
 * For this product's own sentences and titles, in which text that looks like a mistyped URL with a password is masked.
 * A payload may legitimately contain such text.
 */
export const redactSentence = (text: string): string =>
	redact(text).replace(withoutScheme, `${dots}@`).replace(withoutHost, `$1${dots}`);

export function redactFailure<T extends Failure>(failure: T, clean: Redactor): T {
	const { message, evidence, remedy, end } = failure;
	return {
		...failure,
		message: clean(message),
		...(evidence !== undefined && { evidence: clean(evidence) }),
		...(remedy && { remedy: { ...remedy, text: clean(remedy.text) } }),
		...(end && { end: { ...end, ...(end.reason !== undefined && { reason: clean(end.reason) }) } }),
	};
}

/**
 * Names that the user has chosen and sees beside a failure. Lists are excluded: they hold headers, which may be
 * credentials.
 */
export function configuredNames({ name, url, values, subscriptions }: ResolvedProfile): string[] {
	const single = Object.values(values).filter((value) => typeof value === 'string' || typeof value === 'number');
	const places = url
		.replace(/[?#].*$/s, '')
		.split('/')
		.slice(2);
	return [name, ...places, ...single.map(String), ...subscriptions.map(({ target }) => target)];
}

type Span = [start: number, end: number];

function* occurrences(text: string, form: Form, names: readonly string[]): Generator<Span> {
	let [from, to] = [0, 0];
	for (let at = text.indexOf(form.text); at >= 0; at = text.indexOf(form.text, at + 1)) {
		const end = at + form.text.length;
		// Find the limits of a long word only once.
		if (end > to) [from, to] = wordAround(text, at, end, form.encoded);
		if (form.weak && (from < at || to > end)) continue;
		if (!names.some((name) => covers(text, name, at, end))) yield [from, to];
	}
}

/** Finds the start of a secret before an ellipsis, where a long text was cut. */
function* cutOccurrences(text: string, { text: form, weak, encoded }: Form): Generator<Span> {
	for (let end = text.indexOf('…'); end >= 0; end = text.indexOf('…', end + 1)) {
		const before = text.slice(Math.max(0, end - form.length + 1), end);
		for (let at = before.indexOf(form.slice(0, 4)); at >= 0; at = before.indexOf(form.slice(0, 4), at + 1)) {
			if (!form.startsWith(before.slice(at))) continue;
			const start = end - before.length + at;
			const [from] = wordAround(text, start, end, encoded);
			if (!weak || from === start) yield [from, end];
		}
	}
}

/** Whether an occurrence of a name contains this part of the text. */
function covers(text: string, name: string, start: number, end: number): boolean {
	return text.slice(Math.max(0, end - name.length), start + name.length).includes(name);
}

const wordCharacter = /[\p{L}\p{N}\p{M}_\ud800-\udfff]/u;
const base64Character = /[a-z0-9+/_-]/i;

/** The word around a part of a text; hyphens and dots between letters and digits belong to it. */
function wordAround(text: string, start: number, end: number, encoded: boolean): Span {
	const belongs = (at: number, outwards: number): boolean => {
		const character = text[at] ?? '';
		if (encoded) return base64Character.test(character);
		return wordCharacter.test(character) || (/[-.]/.test(character) && wordCharacter.test(text[at + outwards] ?? ''));
	};
	let [from, to] = [start, end];
	while (belongs(from - 1, -1)) from--;
	while (belongs(to, 1)) to++;
	while (encoded && text[to] === '=') to++;
	return [from, to];
}

function withDots(text: string, spans: Span[]): string {
	let clean = '';
	let done = 0;
	for (const [start, end] of spans.sort((one, other) => one[0] - other[0] || other[1] - one[1])) {
		if (start >= done) clean += text.slice(done, start) + dots;
		done = Math.max(done, end);
	}
	return clean + text.slice(done);
}
