import { shortened } from '../../../model/text/text';
import type { Option } from '../wire/options';
import { option } from '../wire/options';

const encoder = new TextEncoder();
const longest = 255;

/** One sentence that says what is wrong with a path with query, or undefined. */
export function checkTarget(target: string): string | undefined {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target))
		return 'Only path and query are expected: the connection knows the host.';
	if (target.includes('#')) return 'A resource has no fragment ("#"); write %23 if the character is meant.';
	const { parts, queries } = split(target);
	for (const part of [...parts, ...queries]) {
		const text = decoded(part);
		if (text === undefined)
			return `"${shortened(part, 40)}" holds a percent sign that no two hexadecimal digits follow.`;
		if (/\p{Surrogate}/u.test(text)) return 'Half a character (a lone surrogate) cannot be sent.';
		// RFC 7252, 5.10.1.
		if (encoder.encode(text).length > longest) return `A segment of more than ${longest} bytes is not allowed.`;
	}
	if (parts.some((part) => part === '.' || part === '..')) return 'A path segment "." or ".." is not allowed.';
	return undefined;
}

/** How a target is filed: without the slash in front, so that "/a" and "a" are one. The root is "/". */
export function normal(target: string): string {
	return target.replace(/^\/+(?=.)/, '') || '/';
}

/** Uri-Path and Uri-Query of a target (RFC 7252, 6.4). Give it only what `checkTarget` lets pass. */
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
