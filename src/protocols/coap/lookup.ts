import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { FailureError, fail } from '../../base/failure';
import type { ConnectContext } from '../adapter';
import { socketFailure } from '../shared/socket-failures';

/** Addresses of a host, in the system's order. Throws why there are none, or `cancelled`. */
export async function addressesOf(
	{ host, port }: { host: string; port: number },
	{ signal, step, found }: Pick<ConnectContext, 'signal' | 'step' | 'found'>,
): Promise<string[]> {
	if (isIP(host.replace(/%.*$/, ''))) return [host];
	step('lookup');
	const stop = new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => reject(cancelled()), { once: true });
	});
	try {
		// Getaddrinfo cannot be stopped; it can be left alone.
		const all = await Promise.race([lookup(host, { all: true, order: 'verbatim' }), stop]);
		const addresses = all.map(({ address }) => address);
		found(addresses.join(', '));
		return addresses;
	} catch (error) {
		throw new FailureError(socketFailure(error, { host, port }));
	}
}

export const cancelled = () => fail('cancelled', 'The connection attempt was cancelled.');
