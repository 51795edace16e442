import { fail } from '../../../base/failure';
import { parseAddress } from '../../shared/dial/address';
import type { Peer } from '../../shared/dial/socket-failures';
import { kafka } from '../describe/describe';

/** Where this machine reaches the brokers that the cluster names, by "host:port" or by host, in lower case. */
export type HostMap = ReadonlyMap<string, { host: string; port: number | undefined }>;

/** The address at which this machine reaches a broker. */
export function mapped(hosts: HostMap, { host, port }: Peer): Peer {
	const name = host.toLowerCase();
	const found = hosts.get(`${name}:${port}`) ?? hosts.get(name);
	return found ? { host: found.host, port: found.port ?? port } : { host, port };
}

/** Reads the pairs of the profile. Throws `bad-field`, final. */
export function hostMap(pairs: readonly [string, string][], scheme: string): HostMap {
	return new Map(
		pairs
			.filter(([from, to]) => from.trim() !== '' || to.trim() !== '')
			.map(([from, to]) => {
				readPeer(from, scheme, 'Addresses of brokers');
				return [from.trim().toLowerCase(), readPeer(to, scheme, 'Addresses of brokers')];
			}),
	);
}

/** Reads host, host:port or [address]:port. `field`: its label, for the failure. */
export function readPeer(text: string, scheme: string, field: string): { host: string; port: number | undefined } {
	const entry = text.trim();
	const wrong = fail('bad-field', `"${field}" has an entry that is not host or host:port.`, { final: true });
	if (entry === '' || /[/@?#\s]/.test(entry)) throw wrong;
	try {
		const { host, port } = parseAddress(`${scheme}://${entry}`, kafka);
		const hasPort = /:\d+$/.test(entry) && !/^[^[]*:.*:/.test(entry);
		return { host, port: hasPort ? port : undefined };
	} catch {
		throw wrong;
	}
}
