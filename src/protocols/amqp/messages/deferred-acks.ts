/** A delivery that waits for its outcome. `sent`: it was acknowledged or put back. */
export interface Deferred {
	readonly tag: number;
	state: 'held' | 'done' | 'sent';
}

/**
 * Acknowledges deliveries of a channel later. Those before the first that still waits are acknowledged together
 * (`basic.ack` with `multiple`), which costs one frame for many messages; the others one by one.
 */
export interface DeferredAcks {
	/** A delivery has come; tags ascend. */
	hold(tag: number): Deferred;
	done(deferred: Deferred): void;
	again(deferred: Deferred): void;
	/** Sends what was settled since the last call. */
	flush(): void;
}

export interface DeferredAcksOptions {
	ack(tag: number, multiple: boolean): void;
	requeue(tag: number): void;
}

/** Entries in front of the queue that are removed together. */
const maxRead = 1024;

export function createDeferredAcks({ ack, requeue }: DeferredAcksOptions): DeferredAcks {
	let queue: Deferred[] = [];
	let first = 0;
	let settled: Deferred[] = [];

	return {
		hold(tag) {
			const deferred: Deferred = { tag, state: 'held' };
			queue.push(deferred);
			return deferred;
		},
		done(deferred) {
			if (deferred.state !== 'held') return;
			deferred.state = 'done';
			settled.push(deferred);
		},
		again(deferred) {
			if (deferred.state !== 'held') return;
			deferred.state = 'sent';
			requeue(deferred.tag);
		},
		flush() {
			let last = 0;
			let count = 0;
			for (; first < queue.length; first++) {
				const one = queue[first] as Deferred;
				if (one.state === 'held') break;
				if (one.state === 'sent') continue;
				one.state = 'sent';
				last = one.tag;
				count++;
			}
			if (count > 0) ack(last, count > 1);
			for (const one of settled) {
				if (one.state === 'sent') continue;
				one.state = 'sent';
				ack(one.tag, false);
			}
			settled = [];
			if (first < maxRead && first < queue.length) return;
			queue = queue.slice(first);
			first = 0;
		},
	};
}
