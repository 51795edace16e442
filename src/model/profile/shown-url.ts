import { shortened } from '../text/text';

const mostShown = 100;

/** scheme://host:port and a path, in which nothing can be a user name or password. */
const harmless =
	/^([a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?)(\/[^\s@:?#]*)?(?:[?#][^@]*)?$/i;

/**
 * What a user wrote where a URL or the name of a connection belongs, for a sentence: a name or a harmless URL as it is,
 * without its query, and of everything else only the scheme. Any other part of a mistyped URL may be the password.
 */
export function shownUrl(text: string): string {
	const [, origin, path = ''] = harmless.exec(text) ?? [];
	if (origin !== undefined) return shortened(origin + path, mostShown);
	if (!/[/\\:@?#&=]|%[0-9a-f]{2}/i.test(text)) return shortened(text, mostShown);
	return `${/^[a-z][a-z0-9+.-]*:?\/\//i.exec(text)?.[0] ?? ''}•••`;
}

/** A name or the path of a file as it is, unless a URL was written in its place. */
export const shownName = (name: string): string => (/:.*@|[a-z0-9]{2}:\//is.test(name) ? shownUrl(name) : name);
