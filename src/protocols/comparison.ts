import type { Values } from '../model/profile/field';
import type { Subscription } from '../model/profile/profile';
import type { Need } from './needs';

/** What is promised about a message: it arrives once or not at all, or it arrives, possibly several times. */
export type Guarantee = 'at-most-once' | 'at-least-once';

/** A way of a message through a protocol that can be measured. */
export interface Route {
	/** The protocol's name for the guarantee: "QoS 1". */
	label: string;
	/** How it is sent. */
	send: { verb: string; values: Values };
	/** How the receiver gets it; undefined: without subscribing. */
	receive?: Subscription;
	/** `copy`: the message arrives at the receiver. `answer`: the peer answers the sender, and there is no receiver. */
	delivery: 'copy' | 'answer';
	/** The peer returns messages to the connection that has sent them, so that one connection sends and receives. */
	echo?: true;
	/** What the comparison does to others, beyond what the mode of `receive` says; the user is asked. */
	sideEffect?: string;
	/** The span that is measured, and what differs from the other protocols, as sentences. */
	measures: string;
}

/** Traffic of an open connection without messages. */
export interface Idle {
	/** Seconds between two exchanges. */
	every: number;
	/** Bytes of one exchange at the client's socket. */
	sent: number;
	received: number;
	/** "PINGREQ and PINGRESP" */
	what: string;
}

/** The rows of the table that stands beside measured figures. */
export const guaranteeTopics = {
	ordering: 'Ordering',
	persistence: 'Persistence',
	acknowledgement: 'Acknowledgement',
	routing: 'Routing',
	discovery: 'Discovery',
	security: 'Security',
} as const;
export type GuaranteeTopic = keyof typeof guaranteeTopics;

/** How well a protocol meets a need, from 0 (not at all) to 3 (made for it), and why in one sentence. */
export type Fit = readonly [0 | 1 | 2 | 3, string];

/** Facts about a protocol by which it is compared with others. */
export interface Comparison {
	/** The routes to this target, by what they guarantee. A guarantee that the protocol cannot give is missing. */
	routes(target: string): Partial<Record<Guarantee, Route>>;
	/** Keys of profile fields that two connections at once must not share, such as the client id. */
	ownFields?: readonly string[];
	/**
	 * Keep-alive of any client with these values of its profile; undefined: none. This client may send more, because it looks for
	 * dead servers (`shared/liveness.ts`).
	 */
	idle(values: Values): Idle | undefined;
	/** What the protocol guarantees, one phrase for each row. */
	guarantees: Readonly<Record<GuaranteeTopic, string>>;
	fits: Readonly<Record<Need, Fit>>;
}
