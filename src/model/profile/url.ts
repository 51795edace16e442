import { fail } from '../../base/failure';
import { andList, orList } from '../text/lists';
import { canonicalHost } from './host';

/** A parsed connection URL. Contains no secret: user and password are removed when it is parsed. */
export interface Target {
	scheme: string;
	tls: boolean;
	/**
	 * Canonical (see `canonicalHost`): ASCII in lower case; an IPv6 address in brackets, its zone after a plain `%`.
	 */
	host: string;
	port: number;
	/** Path, query and fragment as written; empty if there are none. */
	rest: string;
	/** User and password from the URL, percent-decoded. */
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
 * Parses a URL. Throws `bad-url` with one sentence. No failure quotes the URL, because it may contain a password; `new
 * URL()` does, so it is not used.
 */
export function parseUrl(url: string, schemes: readonly SchemeShape[]): Target {
	const wanted = orList(schemes.map(({ scheme }) => `${scheme}://`));
	const bad = (message: string) => fail('bad-url', message, { final: true });
	const text = url.trim();
	if (text === '') throw bad(`Enter a URL that starts with ${wanted}.`);
	const match = shape.exec(text);
	const name = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	const scheme = schemes.find((one) => one.scheme === name);
	if (!scheme) throw bad(`The URL must start with ${wanted}.`);
	if (!match) throw bad('The URL is not valid: host and port cannot be recognized.');
	const [, , user, written = '', port, rest = ''] = match;
	if (written === '') throw bad('The URL has no host.');
	if (/[\s<>"\\^`{|}\p{Cc}\p{Cf}]/u.test(written))
		throw bad('The host of the URL contains characters that are not allowed in a host.');
	const host = canonicalHost(written);
	if (host === undefined) throw bad('The host of the URL is neither a valid name nor a valid address.');
	if (/\s/.test(rest)) throw bad('The path of the URL contains a space.');
	const number = port ? Number(port) : scheme.defaultPort;
	if (port && !/^\d{1,9}$/.test(port)) throw bad('The port of the URL is not a number.');
	// Without a user in front, the number may be a password whose "@host" is missing.
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

/** The origin to which a secret is bound: `scheme://host:port`, always with the port. */
export function originOf({ scheme, host, port }: Pick<Target, 'scheme' | 'host' | 'port'>): string {
	return `${scheme}://${host}:${port}`;
}

/** An origin in a sentence. It has several addresses if the secrets are sent to further ones. */
export const originWords = (origin: string): string => andList(origin.split(' '));

/** Removes user and password from a URL, even a malformed one, and keeps the rest as written. */
export function withoutCredentials(url: string): string {
	return url.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:?\/{2,})?)[^/?#]*@/i, '$1');
}

/** Whether a URL names this machine: "localhost" (RFC 6761, section 6.3) or a loopback address. */
export function isLoopback(url: string): boolean {
	const [, written = ''] = /^\s*[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:[\]]*)/i.exec(url) ?? [];
	const host = canonicalHost(written) ?? '';
	return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(host);
}

/** For display: adds the ASCII name where the host has letters of other scripts, which may look familiar. */
export function urlWithLookupName(url: string): string {
	const [, host = ''] = /^\s*[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#:@[\]]+)/i.exec(url) ?? [];
	const ascii = /[^ -~]/.test(host) ? canonicalHost(host) : undefined;
	return ascii === undefined ? url : `${url} (${ascii})`;
}
