/** How a message was answered, for the case that it comes again (RFC 7252, 4.5). */
export type Reply = 'none' | 'ack' | 'reset';

/** EXCHANGE_LIFETIME and NON_LIFETIME (RFC 7252, 4.8.2), in milliseconds. */
const confirmableFor = 247_000;
const otherFor = 145_000;
/**
 * Messages that are remembered. A server that sends faster than the lifetimes allow uses an id again before they are
 * over: with all of its 65,536 remembered, what it sends then would be taken for repeated.
 */
const most = 4096;
const replies: readonly Reply[] = ['none', 'ack', 'reset'];

/** Message ids that were received lately. `now`: in milliseconds. */
export interface Duplicates {
	/** How it was answered, if a message with this id has come before. */
	find(id: number, now: number): Reply | undefined;
	remember(id: number, reply: Reply, confirmable: boolean, now: number): void;
}

/** Without an object per message: a flood comes through here. */
export function createDuplicates(): Duplicates {
	const order = new Float64Array(65_536);
	const until = new Float64Array(65_536);
	const kind = new Uint8Array(65_536);
	let count = most;
	return {
		find(id, now) {
			if (count - (order[id] as number) >= most || (until[id] as number) < now) return undefined;
			return replies[kind[id] as number];
		},
		remember(id, reply, confirmable, now) {
			order[id] = ++count;
			until[id] = now + (confirmable ? confirmableFor : otherFor);
			kind[id] = replies.indexOf(reply);
		},
	};
}
