import type { Draft, Receipt } from '../../model/contracts/message';
import type { Subscription } from '../../model/profile/profile';
import type { ProtocolDescription } from '../../protocols/description';
import type { Received } from './connection';

/** How the reply to a request is recognized. */
export interface Pairing {
	draft: Draft;
	/** To be subscribed to before sending. */
	subscription?: Subscription;
	/** `receipt`: of the request; undefined until it is there. */
	fits(message: Received, receipt?: Receipt): boolean;
	/** The receipt says whether there is a reply at all. */
	joined?: true;
}

/**
 * By the rules of the protocol, if it has its own. Otherwise the adapter pairs requests and replies itself and names them
 * in the receipt, and in a protocol without subscriptions the next message is the reply.
 */
export function pair(draft: Draft, description: ProtocolDescription, random: (bytes: number) => Uint8Array): Pairing {
	if (!description.subscription) return { draft, fits: () => true };
	const own = description.files?.reply?.(draft, random);
	if (own) return { draft: own.draft, subscription: own.subscription, fits: own.isReply };
	return { draft, joined: true, fits: ({ answers }, receipt) => answers !== undefined && answers === receipt?.seq };
}
