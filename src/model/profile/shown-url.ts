import { shortened } from '../text/text';

const maxShown = 100;

/** scheme://host:port with a path that cannot contain a user name or password. */
const harmless =
	/^([a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?)(\/[^\s@:?#]*)?(?:[?#][^@]*)?$/i;

/**
 * Makes a URL or connection name from user input fit for a message: a name or a harmless URL unchanged, without its
 * query; of anything else only the scheme. Any other part of a mistyped URL may be the password.
 */
export function shownUrl(text: string): string {
	const [, origin, path = ''] = harmless.exec(text) ?? [];
	if (origin !== undefined) return shortened(origin + path, maxShown);
	if (!/[/\\:@?#&=]|%[0-9a-f]{2}/i.test(text)) return shortened(text, maxShown);
	return `${/^[a-z][a-z0-9+.-]*:?\/\//i.exec(text)?.[0] ?? ''}•••`;
}

/** Returns a name or file path unchanged, unless it is a URL. */
export const shownName = (name: string): string => (/:.*@|[a-z0-9]{2}:\//is.test(name) ? shownUrl(name) : name);
