import type { Failure } from '../base/failure';

const rules: [RegExp, string][] = [
	// user:password@ in a URL, and in a text that is almost one.
	[/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*(?:@[^\s/?#@]*)*@/gi, '$1•••@'],
	[/\b(authorization\s*[:=]\s*(?:(?:basic|bearer|digest)\s+)?)[^\s,;"']+/gi, '$1•••'],
	[/\b(bearer|basic)\s+[a-z0-9+/_~.=-]{6,}/gi, '$1 •••'],
	[
		/(["']?\b(?:password|passwd|passphrase|secret|token|api[_-]?key)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
		'$1•••',
	],
];

/** Shorter secrets would blank out ordinary words. */
const shortest = 4;

/**
 * The one way of a text into a log, a notification or a failure: without credentials of URLs and headers, and without
 * the secrets that are known to be in use, as they are and in the forms that a protocol gives them.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
	let clean = text;
	for (const secret of secrets) for (const form of formsOf(secret)) clean = clean.split(form).join('•••');
	for (const [pattern, replacement] of rules) clean = clean.replace(pattern, replacement);
	return clean;
}

export function redactFailure(failure: Failure, secrets: Iterable<string> = []): Failure {
	const known = [...secrets];
	return {
		...failure,
		message: redact(failure.message, known),
		...(failure.evidence === undefined ? {} : { evidence: redact(failure.evidence, known) }),
	};
}

function formsOf(secret: string): string[] {
	if (secret.length < shortest) return [];
	const bytes = new TextEncoder().encode(secret);
	const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	const base64 = btoa(String.fromCharCode(...bytes));
	const encoded = encodeURIComponent(secret.replace(/[\ud800-\udfff]/gu, '\ufffd'));
	return [...new Set([secret, encoded, JSON.stringify(secret).slice(1, -1), base64, base64.replace(/=+$/, ''), hex])]
		.filter((form) => form.length >= shortest)
		.sort((a, b) => b.length - a.length);
}
