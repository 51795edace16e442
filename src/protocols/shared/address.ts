import { fail } from '../../base/failure';
import type { ProtocolDescription } from '../description';

export interface Address {
	scheme: string;
	tls: boolean;
	/** Without brackets, in ASCII. */
	host: string;
	port: number;
	/** Path and query as they stand in the URL; empty if there is none. */
	path: string;
}

/** A profile's URL taken apart. Throws `bad-url`; the text of the URL is in no failure, since it may hold a password. */
export function parseAddress(url: string, description: ProtocolDescription): Address {
	const [, name = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(url.trim()) ?? [];
	const scheme = description.schemes.find((known) => known.scheme === name.toLowerCase());
	if (!scheme)
		throw fail(
			'bad-url',
			`The URL must start with ${description.schemes.map((one) => `${one.scheme}://`).join(' or ')}.`,
			{
				final: true,
			},
		);
	// Only schemes that the URL standard knows get their host checked and turned into ASCII.
	const parsed = URL.parse ? URL.parse(`http://${rest}`) : tryParse(`http://${rest}`);
	if (!parsed?.hostname) throw fail('bad-url', 'The URL has no valid host and port.', { final: true });
	const port = /^[^/?#]*:(\d+)(?:[/?#]|$)/.exec(rest.slice(rest.lastIndexOf('@', rest.search(/[/?#]|$/)) + 1))?.[1];
	return {
		scheme: scheme.scheme,
		tls: scheme.tls,
		host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
		port: port ? Number(port) : scheme.defaultPort,
		path: /^[^/?#]*([^#]*)/.exec(rest)?.[1] ?? '',
	};
}

function tryParse(url: string): URL | null {
	try {
		return new URL(url);
	} catch {
		return null;
	}
}
