import type { CheckRule } from '../checks/rule';

/**
 * A saved connection as stored in the settings. Further members are the protocol's fields, nested by the dots of their
 * keys, and unknown members, which are kept.
 */
export interface Profile {
	id: string;
	name: string;
	protocol: string;
	url: string;
	/** Marks a production server: it is highlighted, and sending asks first. */
	production?: boolean;
	/** Subscribed when the connection opens and after every reconnect. */
	subscriptions?: Subscription[];
	/** Fields of messages that tell replays, old messages and gaps (`model/checks/rule.ts`). */
	checks?: CheckRule[];
	[field: string]: unknown;
}

/** A subscription: a target or filter of the protocol, and the values of its `subscription` fields. */
export interface Subscription {
	target: string;
	/** One of the protocol's modes; the first if missing. */
	mode?: string;
	[field: string]: unknown;
}

/**
 * Returns the identity of subscriptions (`SubscriptionState.id`) under a protocol's description: two with the same id
 * replace each other. Target and mode decide, unless the description has an identity of its own.
 */
export function subscriptionId(shape?: {
	modes?: readonly { id: string }[];
	identity?(subscription: Subscription): string;
}): (subscription: Subscription) => string {
	const usual = shape?.modes?.[0]?.id;
	return shape?.identity ?? (({ target, mode = usual }) => JSON.stringify([target, mode]));
}

/** A profile ready to connect: variables replaced, types checked, defaults filled in, no credentials in the URL. */
export interface ResolvedProfile {
	id: string;
	name: string;
	protocol: string;
	url: string;
	/** Values of the protocol's profile fields by dotted key, without unset fields and secrets. */
	values: import('./field').Values;
	subscriptions: Subscription[];
	/** Fields of messages that tell replays, old messages and gaps. */
	checks?: CheckRule[];
}

/** Values of the secret fields by dotted key. Only passed to the engine when it connects. */
export type Secrets = Record<string, string>;
