/** How a message was answered, so that a duplicate is answered in the same way (RFC 7252, 4.5). */
export type Reply = 'none' | 'ack' | 'reset';

/** EXCHANGE_LIFETIME and NON_LIFETIME (RFC 7252, 4.8.2), in milliseconds. */
const confirmableFor = 247_000;
const otherFor = 145_000;
/**
 * Number of messages that are remembered. A server that sends faster than the lifetimes allow reuses an id before its
 * lifetime ends: with all 65,536 ids remembered, its new messages would be taken for duplicates.
 */
const maxRemembered = 4096;
const replies: readonly Reply[] = ['none', 'ack', 'reset'];

/** Ids of recently received messages. `now` is in milliseconds. */
export interface Duplicates {
	/** How an earlier message with this id was answered, if there was one. */
	find(id: number, now: number): Reply | undefined;
	remember(id: number, reply: Reply, confirmable: boolean, now: number): void;
}

/** Hot path: creates no object per message. */
export function createDuplicates(): Duplicates {
	const order = new Float64Array(65_536);
	const until = new Float64Array(65_536);
	const kind = new Uint8Array(65_536);
	let count = maxRemembered;
	return {
		find(id, now) {
			if (count - (order[id] as number) >= maxRemembered || (until[id] as number) < now) return undefined;
			return replies[kind[id] as number];
		},
		remember(id, reply, confirmable, now) {
			order[id] = ++count;
			until[id] = now + (confirmable ? confirmableFor : otherFor);
			kind[id] = replies.indexOf(reply);
		},
	};
}
