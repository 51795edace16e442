import { isIPv6 } from 'node:net';
import { domainToUnicode } from 'node:url';
import { canonicalHost, withoutZone } from '../../../model/profile/host';
import { parseUrl, type Target } from '../../../model/profile/url';
import type { ProtocolDescription } from '../../description';

export interface Address extends Pick<Target, 'scheme' | 'tls' | 'port'> {
	/** Without brackets, in ASCII; an IPv6 address may have a zone. */
	host: string;
	/** Path and query as written in the URL; empty if there are none. */
	path: string;
}

/** Parses the URL of a profile. Throws `bad-url`, without the text of the URL, which may hold a password. */
export function parseAddress(url: string, description: ProtocolDescription): Address {
	const { scheme, tls, host, port, rest } = parseUrl(url, description.schemes);
	return { scheme, tls, host: host.replace(/^\[(.*)\]$/, '$1'), port, path: rest.replace(/#.*$/s, '') };
}

const inBrackets = (host: string) => (host.includes(':') ? `[${host}]` : host);

/** The host as HTTP writes it, without its zone. */
export function hostForHttp(host: string): string {
	return inBrackets(withoutZone(host));
}

/** The name for which the certificate must be valid: no zone, no final dot, in ASCII (RFC 6066, section 3). */
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

/** A label in one script only. A mix of scripts, or right-to-left text, may look like a different name. */
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
