/**
 * The one spelling of a host, so that what secrets are bound to is what is connected to: percent-encoding resolved,
 * international names in ASCII (UTS #46), numbers as IPv4 addresses, all in lower case. Expects an IPv6 address in
 * brackets and accepts its zone as `%zone` or `%25zone` (RFC 6874); the zone keeps its case. Undefined if it is no host.
 */
export function canonicalHost(written: string): string | undefined {
	const [, address, zone] = /^\[([^%]+)(?:%(.+))?\]$/.exec(written) ?? [];
	const host = hostnameOf(address === undefined ? written : `[${address}]`);
	if (host === undefined || zone === undefined) return host;
	const name = zoneName(zone);
	return name === undefined ? undefined : `${host.slice(0, -1)}%${name}]`;
}

/** Without the zone, which means something on this machine only and must not be sent (RFC 6874, section 1). */
export function withoutZone(host: string): string {
	return host.replace(/%[^\]]*/, '');
}

function hostnameOf(text: string): string | undefined {
	try {
		const { hostname } = new URL(`http://${text}`);
		return /[^.]/.test(hostname) ? hostname : undefined;
	} catch {
		return undefined;
	}
}

/** A mere `25` is the zone's number, as Windows writes it. */
function zoneName(zone: string): string | undefined {
	try {
		const name = decodeURIComponent(zone.replace(/^25(?=.)/, ''));
		return /^[^\p{C}%\]]+$/u.test(name) ? name : undefined;
	} catch {
		return undefined;
	}
}
