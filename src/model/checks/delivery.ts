/**
 * What a protocol itself says about the delivery of a received message. Part of a description; called for each received
 * message of a flood, so that the functions must not allocate for a usual message.
 */
export interface Delivery<Meta extends object = object> {
	/** Bits of a message's flags without any of which `repeated` and `late` are not called. */
	bits?: number;
	/** Why it may have been delivered before: "Redelivered by the broker, 2nd delivery". Undefined: it was not. */
	repeated?(flags: number, meta: Meta | undefined): string | undefined;
	/** Why a later message came before it, where the protocol itself compares them. */
	late?(flags: number): string | undefined;
	/** The text under which a sender sends a message once. */
	id?: {
		/** "Stanza id" */
		label: string;
		/** Unique for the sender and the message; undefined: it has none. */
		of(flags: number, meta: Meta | undefined): string | undefined;
	};
	/** The message's number in a stream of the peer. */
	sequence?: {
		/** "Offset" */
		label: string;
		/** Undefined: it is in no stream. The object is valid until the next call. */
		of(flags: number, meta: Meta | undefined): StreamPlace | undefined;
		/**
		 * Whether messages that were received before or late are marked without being asked for. Gaps never are, because the
		 * peers leave numbers out that are no loss (docs/checks.md): an expectation in a message file can ask for them.
		 */
		marks: boolean;
	};
}

export interface StreamPlace {
	/** Tells streams of the same target apart, such as partitions. */
	stream: string | number;
	/** An integer that a double can hold. */
	value: number;
}
