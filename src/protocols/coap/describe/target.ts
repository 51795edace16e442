import { shortened } from '../../../model/text/text';
import type { Option } from '../wire/options';
import { option } from '../wire/options';

const encoder = new TextEncoder();
/** Maximum size of a path segment or query argument (RFC 7252, 5.10.1). */
const maxBytes = 255;

/** One sentence that says what is wrong with a path and query, or undefined. */
export function checkTarget(target: string): string | undefined {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target))
		return 'Enter only path and query. The host is taken from the connection.';
	if (target.includes('#')) return 'A resource has no fragment ("#"). Write %23 for the character.';
	const { parts, queries } = split(target);
	for (const part of [...parts, ...queries]) {
		const text = decoded(part);
		if (text === undefined)
			return `"${shortened(part, 40)}" has a percent sign without two hexadecimal digits after it.`;
		if (/\p{Surrogate}/u.test(text)) return 'A lone surrogate (half a character) cannot be sent.';
		if (encoder.encode(text).length > maxBytes) return `A segment of more than ${maxBytes} bytes is not allowed.`;
	}
	if (parts.some((part) => part === '.' || part === '..')) return 'A path segment "." or ".." is not allowed.';
	return undefined;
}

/** The form in which targets are filed: without a leading slash, so that "/a" and "a" are the same. The root is "/". */
export function normal(target: string): string {
	return target.replace(/^\/+(?=.)/, '') || '/';
}

/** Uri-Path and Uri-Query of a target (RFC 7252, 6.4) that `checkTarget` has accepted. */
export function targetOptions(target: string): Option[] {
	const { parts, queries } = split(target);
	const options = (number: number, texts: string[]) =>
		texts.map((text) => ({ number, value: encoder.encode(decoded(text) ?? text) }));
	return [...options(option.uriPath, parts), ...options(option.uriQuery, queries)];
}

function split(target: string): { parts: string[]; queries: string[] } {
	const at = target.indexOf('?');
	const path = (at < 0 ? target : target.slice(0, at)).replace(/^\//, '');
	const query = at < 0 ? undefined : target.slice(at + 1);
	return { parts: path === '' ? [] : path.split('/'), queries: query ? query.split('&') : [] };
}

function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
