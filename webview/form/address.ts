import { parseUrl } from '../../src/model/profile/url';
import type { ProtocolDescription, Scheme } from '../../src/protocols/description';

/** Schemes under which other tools and documents give the address of a server, and whether they mean TLS. */
const foreignSchemes: Record<string, boolean> = {
	tcp: false,
	http: false,
	ws: false,
	ssl: true,
	tls: true,
	https: true,
	wss: true,
};

const schemed = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;

/** A URL with the scheme of the protocol in place of a foreign one, such as `ssl://`; undefined if there is nothing to replace. */
export function convertedUrl(
	{ schemes }: Pick<ProtocolDescription, 'schemes'>,
	text: string,
): { url: string; from: string; to: string } | undefined {
	const [, written = '', rest = ''] = schemed.exec(text) ?? [];
	const name = written.toLowerCase();
	const tls = Object.hasOwn(foreignSchemes, name) ? foreignSchemes[name] : undefined;
	if (tls === undefined || rest === '' || schemes.some(({ scheme }) => scheme === name)) return undefined;
	const to = (schemes.find((scheme) => scheme.tls === tls) ?? schemes[0])?.scheme;
	return to === undefined ? undefined : { url: `${to}://${rest}`, from: name, to };
}

/**
 * The scheme that is assumed for an address without one: that of its port if it is a usual one, or else the first.
 * Undefined if a scheme is written, or at least begun.
 */
export function assumedScheme({ schemes }: Pick<ProtocolDescription, 'schemes'>, text: string): Scheme | undefined {
	if (text === '' || /^\$\{|^[a-z][a-z0-9+.-]*:\/|^:|^\//i.test(text)) return undefined;
	const port = Number(/:(\d{1,5})(?:[/?#]|$)/.exec(text)?.[1]);
	return (schemes.find(({ defaultPort }) => defaultPort === port) ?? schemes[0]) as Scheme | undefined;
}

/** The text as a URL, with the assumed scheme. */
export function completeUrl(description: Pick<ProtocolDescription, 'schemes'>, text: string): string {
	const scheme = assumedScheme(description, text);
	return scheme ? `${scheme.scheme}://${text}` : text;
}

/** The protocol of a URL that another one is chosen for. */
export function protocolOf<T extends Pick<ProtocolDescription, 'schemes'>>(
	descriptions: readonly T[],
	current: T,
	text: string,
): T | undefined {
	const name = schemed.exec(text)?.[1]?.toLowerCase();
	const has = ({ schemes }: T) => schemes.some(({ scheme }) => scheme === name);
	return name === undefined || has(current) || Object.hasOwn(foreignSchemes, name) ? undefined : descriptions.find(has);
}

/** The protocols whose URLs have the scheme of this text; none while no scheme is written. */
export function protocolsOf<T extends Pick<ProtocolDescription, 'schemes'>>(
	descriptions: readonly T[],
	text: string,
): T[] {
	const name = schemed.exec(text)?.[1]?.toLowerCase();
	return name === undefined ? [] : descriptions.filter(({ schemes }) => schemes.some(({ scheme }) => scheme === name));
}

/** The URL with another scheme. */
export const withScheme = (url: string, from: string): string =>
	`${schemed.exec(from)?.[1]?.toLowerCase()}://${schemed.exec(url)?.[2] ?? ''}`;

/** A name for a connection: its host, or the protocol where that is this machine. Undefined while the URL is incomplete. */
export function suggestedName({ schemes, label }: ProtocolDescription, url: string): string | undefined {
	try {
		const { host } = parseUrl(url, schemes);
		return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host) ? `Local ${label}` : host;
	} catch {
		return undefined;
	}
}
