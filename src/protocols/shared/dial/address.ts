import { isIPv6 } from 'node:net';
import { domainToUnicode } from 'node:url';
import { canonicalHost, withoutZone } from '../../../model/profile/host';
import { parseUrl, type Target } from '../../../model/profile/url';
import type { ProtocolDescription } from '../../description';

export interface Address extends Pick<Target, 'scheme' | 'tls' | 'port'> {
	/** Without brackets, in ASCII; an IPv6 address may have a zone. */
	host: string;
	/** Path and query as they stand in the URL; empty if there is none. */
	path: string;
}

/** A profile's URL taken apart. Throws `bad-url`; the text of the URL is in no failure, since it may hold a password. */
export function parseAddress(url: string, description: ProtocolDescription): Address {
	const { scheme, tls, host, port, rest } = parseUrl(url, description.schemes);
	return { scheme, tls, host: host.replace(/^\[(.*)\]$/, '$1'), port, path: rest.replace(/#.*$/s, '') };
}

const inBrackets = (host: string) => (host.includes(':') ? `[${host}]` : host);

/** The host as HTTP writes it, without its zone. */
export function hostForHttp(host: string): string {
	return inBrackets(withoutZone(host));
}

/** What the certificate must be for: no zone, no final dot, international names in ASCII (RFC 6066, section 3). */
export function nameForCertificate(name: string): string {
	const host = canonicalHost(isIPv6(name) ? `[${name}]` : name) ?? name;
	return withoutZone(host)
		.replace(/^\[(.*)\]$/, '$1')
		.replace(/\.$/, '');
}

/** Host and port for sentences. */
export function hostAndPort({ host, port }: { host: string; port: number }): string {
	const readable = inUnicode(host);
	return readable === undefined ? `${inBrackets(host)}:${port}` : `${readable}:${port} (${host})`;
}

/** A label in one of these scripts alone. In a mix, or in another direction, it may look like a different name. */
const plainLabel =
	/^(?:[\p{Script=Latin}\p{Nd}-]*|[\p{Script=Greek}\p{Nd}-]*|[\p{Script=Cyrillic}\p{Nd}-]*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー\p{Nd}-]*)$/u;

/** An international name for sentences, always with the name that is looked up: `bücher.example (xn--bcher-kva.example)`. */
export function readableHost(host: string): string {
	const readable = inUnicode(host);
	return readable === undefined ? host : `${readable} (${host})`;
}

function inUnicode(host: string): string | undefined {
	if (!/(^|\.)xn--/.test(host)) return undefined;
	const readable = domainToUnicode(host);
	return readable.split('.').every((label) => plainLabel.test(label)) ? readable || undefined : undefined;
}
