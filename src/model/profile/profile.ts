/**
 * A saved connection as it stands in the settings. Members beyond these are the protocol's fields, nested by the dots
 * of their keys, and members that nobody knows, which are kept as they are.
 */
export interface Profile {
	id: string;
	name: string;
	protocol: string;
	url: string;
	/** A server that must not be sent to by mistake: it is colored, and sending asks first. */
	production?: boolean;
	/** Subscribed when the connection opens, and again after every reconnect. */
	subscriptions?: Subscription[];
	[field: string]: unknown;
}

/** One subscription: a target or filter in the protocol's own words, and the values of its `subscription` fields. */
export interface Subscription {
	target: string;
	/** One of the protocol's ways to receive; its first where it is missing. */
	mode?: string;
	[field: string]: unknown;
}

/** A profile ready to connect: variables replaced, types checked, defaults filled in, no credentials in the URL. */
export interface ResolvedProfile {
	id: string;
	name: string;
	protocol: string;
	url: string;
	/** Every profile field of the protocol by its dotted key, unset ones missing. Secrets are not among them. */
	values: import('./field').Values;
	subscriptions: Subscription[];
}

/** Values of the secret fields by dotted key. Only ever handed to the engine when it connects. */
export type Secrets = Record<string, string>;
