import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fail } from '../../../base/failure';

/**
 * Returns an IPv6 address with its zone as this system expects it: the number of an interface on Windows, its name
 * elsewhere. Both are accepted everywhere. Throws `unknown-zone`, because libuv ignores a zone that it does not know.
 */
export function withKnownZone(host: string, interfaces = networkInterfaces(), platform = process.platform): string {
	const [, address, zone = ''] = /^([0-9a-f:.]+)%(.+)$/i.exec(host) ?? [];
	if (address === undefined) return host;
	const known = Object.entries(interfaces).map(([name, list = []]) => ({
		name,
		number: list.map((one) => ('scopeid' in one ? one.scopeid : 0)).find((id) => id !== undefined && id > 0),
	}));
	const found = known.find(({ name }) => name === zone) ?? known.find(({ number }) => String(number) === zone);
	const names = known.map(({ name }) => name).join(', ');
	if (!found)
		throw fail('unknown-zone', `This machine has no active network interface named "${zone}".`, {
			remedy: { text: `Name another interface after the "%" of the address. Active are: ${names}.` },
		});
	const literal = `${address}%${platform === 'win32' ? (found.number ?? found.name) : found.name}`;
	if (!isIPv6(literal))
		throw fail('unknown-zone', `The name of the network interface "${zone}" cannot be used in an address.`, {
			remedy: { text: 'Rename the interface with letters, digits, "-" and "." only.' },
			final: true,
		});
	return literal;
}

/** Whether this is a link-local address (RFC 4291, section 2.5.6) without the zone that identifies the network. */
export function lacksZone(host: string): boolean {
	return /^fe[89ab][0-9a-f]:[^%]*$/i.test(host);
}
