/**
 * The canonical spelling of a host, so that secrets are bound to the host that is connected to: percent-encoding
 * resolved, international names in ASCII (UTS #46), numbers as IPv4 addresses, all in lower case. Expects an IPv6
 * address in brackets and accepts its zone as `%zone` or `%25zone` (RFC 6874); the zone keeps its case. Undefined if
 * the text is not a host.
 */
export function canonicalHost(written: string): string | undefined {
	const [, address, zone] = /^\[([^%]+)(?:%(.+))?\]$/.exec(written) ?? [];
	const host = hostnameOf(address === undefined ? written : `[${address}]`);
	if (host === undefined || zone === undefined) return host;
	const name = zoneName(zone);
	return name === undefined ? undefined : `${host.slice(0, -1)}%${name}]`;
}

/** Removes the zone, which is only meaningful on this machine and must not be sent (RFC 6874 section 1). */
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

/** A plain `25` is a zone number, as used by Windows. */
function zoneName(zone: string): string | undefined {
	try {
		const name = decodeURIComponent(zone.replace(/^25(?=.)/, ''));
		return /^[^\p{C}%\]]+$/u.test(name) ? name : undefined;
	} catch {
		return undefined;
	}
}
