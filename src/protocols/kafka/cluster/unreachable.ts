import { FailureError, toFailure } from '../../../base/failure';
import { hostAndPort } from '../../shared/dial/address';
import type { Peer } from '../../shared/dial/socket-failures';

export interface Advertised {
	/** The broker, with the address that the cluster names. */
	broker: Peer & { node: number };
	/** The address that was tried; another one if the profile maps it. */
	peer: Peer;
	/** The broker that has named it. */
	bootstrap: Peer;
}

/** Codes of failures to reach a host, as opposed to a refused login. */
const ofReaching =
	/^(name-|refused$|timeout$|unreachable$|connection-failed$|reset$|zone-missing$|not-permitted$|cancelled$|certificate-|tls-)/;

/**
 * The failure for a broker that the cluster names and that cannot be reached: the usual mistake of a cluster in containers,
 * whose "advertised.listeners" have a name that exists only there. Other failures, such as a refused login, stay as they are.
 */
export function unreachable(error: unknown, { broker, peer, bootstrap }: Advertised): FailureError {
	const failure = toFailure(error);
	if (!ofReaching.test(failure.code)) return new FailureError(failure);
	const isMapped = peer.host !== broker.host || peer.port !== broker.port;
	const where = isMapped ? `${hostAndPort(broker)}, mapped to ${hostAndPort(peer)},` : hostAndPort(peer);
	const reason = failure.code === 'cancelled' ? `${hostAndPort(peer)} does not answer.` : failure.message;
	return new FailureError({
		code: 'advertised-unreachable',
		message: `${hostAndPort(bootstrap)} was reached, but it names ${where} as the address of broker ${broker.node}, which cannot be reached: ${lowerFirst(reason)}`,
		...(failure.evidence !== undefined && { evidence: failure.evidence }),
		...(failure.certificates && { certificates: failure.certificates }),
		remedy: {
			text: isMapped
				? 'Check "Addresses of brokers" in the connection.'
				: `Set "advertised.listeners" of the broker to an address that this machine reaches, or add "${hostAndPort(broker)}" with such an address to "Addresses of brokers" in the connection.`,
		},
	});
}

/** Continues a sentence, unless it begins with a name. */
const lowerFirst = (text: string) =>
	/^(There|Nothing|The) /.test(text) ? `${text[0]?.toLowerCase()}${text.slice(1)}` : text;
