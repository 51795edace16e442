import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { FailureError } from '../../../base/failure';
import type { ConnectContext } from '../../adapter';
import { cancelled } from '../failures';
import { type Peer, socketFailure } from './socket-failures';
import { withKnownZone } from './zone';

export interface Found {
	address: string;
	family: number;
}

/** Addresses of a host, in the system's order. Throws a FailureError with the reason if there are none, or `cancelled`. */
export async function addressesOf(
	{ host, port }: Peer,
	{ signal, step, found }: Pick<ConnectContext, 'signal' | 'step' | 'found'>,
): Promise<Found[]> {
	const address = withKnownZone(host);
	const family = isIP(address);
	if (family) return [{ address, family }];
	step('lookup');
	try {
		// getaddrinfo cannot be cancelled, so its result is ignored instead.
		const all = await Promise.race([lookup(host, { all: true, order: 'verbatim' }), aborted(signal)]);
		found(all.map((one) => one.address).join(', '));
		return all;
	} catch (error) {
		throw new FailureError(socketFailure(error, { host, port }));
	}
}

function aborted(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		if (signal.aborted) reject(cancelled());
		else signal.addEventListener('abort', () => reject(cancelled()), { once: true });
	});
}
