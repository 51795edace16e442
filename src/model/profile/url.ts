import { fail } from '../../base/failure';
import { canonicalHost } from './host';

/** A connection's URL taken apart. Nothing in it is secret: user and password leave when it is parsed. */
export interface Target {
	scheme: string;
	tls: boolean;
	/** As `canonicalHost` writes it: ASCII in lower case; an IPv6 address in brackets, its zone after a plain `%`. */
	host: string;
	port: number;
	/** Path, query and fragment as they stand in the URL; empty if there is none. */
	rest: string;
	/** User and password that stood in the URL, percent-decoded. */
	credentials?: { username: string; password?: string };
}

interface SchemeShape {
	scheme: string;
	defaultPort: number;
	tls: boolean;
}

/** scheme, user and password, host, port, rest (RFC 3986, section 3). The last `@` before the path ends the user. */
const shape =
	/^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[0-9a-f:.]+(?:%[^/?#@[\]]+)?\]|[^/?#:@[\]]*)(?::([^/?#]*))?([/?#].*)?$/i;

/**
 * Throws `bad-url` with one sentence. The text of the URL is in no failure, since it may hold a password, and
 * `new URL()` is not used for the same reason.
 */
export function parseUrl(url: string, schemes: readonly SchemeShape[]): Target {
	const wanted = schemes.map(({ scheme }) => `${scheme}://`).join(' or ');
	const bad = (message: string) => fail('bad-url', message, { final: true });
	const text = url.trim();
	if (text === '') throw bad(`The URL is missing: it starts with ${wanted}.`);
	const match = shape.exec(text);
	const name = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	const scheme = schemes.find((one) => one.scheme === name);
	if (!scheme) throw bad(`The URL starts with ${wanted}.`);
	if (!match) throw bad('The URL is not one: host and port are not understood.');
	const [, , user, written = '', port, rest = ''] = match;
	if (written === '') throw bad('The URL has no host.');
	if (/[\s<>"\\^`{|}\p{Cc}\p{Cf}]/u.test(written)) throw bad('The host of the URL has characters that no host has.');
	const host = canonicalHost(written);
	if (host === undefined) throw bad('The host of the URL is neither a valid name nor a valid address.');
	if (/\s/.test(rest)) throw bad('The URL has a space in its path.');
	const number = port ? Number(port) : scheme.defaultPort;
	if (port && !/^\d{1,9}$/.test(port)) throw bad('The port of the URL is not a number.');
	// Without a user before it, the number can be a password whose "@host" is missing.
	if (number < 1 || number > 65_535)
		throw bad(`The port ${user === undefined ? 'of the URL' : number} is not between 1 and 65535.`);
	return {
		scheme: scheme.scheme,
		tls: scheme.tls,
		host,
		port: number,
		rest,
		...(user ? { credentials: credentials(user) } : {}),
	};
}

function credentials(user: string): { username: string; password?: string } {
	const colon = user.indexOf(':');
	if (colon < 0) return { username: decode(user) };
	return { username: decode(user.slice(0, colon)), password: decode(user.slice(colon + 1)) };
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** What a secret is bound to besides its profile: `scheme://host:port`, the port always written. */
export function originOf({ scheme, host, port }: Pick<Target, 'scheme' | 'host' | 'port'>): string {
	return `${scheme}://${host}:${port}`;
}

/** The same URL, or almost one, without user and password; whatever else is in it stays as it is written. */
export function withoutCredentials(url: string): string {
	return url.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:?\/{2,})?)[^/?#]*@/i, '$1');
}

/** For display: with the name that is looked up, where letters of other scripts in the host may look like familiar ones. */
export function urlWithLookupName(url: string): string {
	const [, host = ''] = /^\s*[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#:@[\]]+)/i.exec(url) ?? [];
	const ascii = /[^ -~]/.test(host) ? canonicalHost(host) : undefined;
	return ascii === undefined ? url : `${url} (${ascii})`;
}
