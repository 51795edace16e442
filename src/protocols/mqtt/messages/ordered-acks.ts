/** A message that has arrived. `left`: it is not acknowledged over this connection. */
export interface Arrived {
	readonly id: number;
	state: 'held' | 'ready' | 'left';
}

/**
 * Acknowledgements leave in the order in which the messages have arrived, separately for PUBACK and PUBREC (MQTT 5, 4.6:
 * MQTT-4.6.0-2 and MQTT-4.6.0-3). One that is ready waits for those before it; one that is left is passed over.
 */
export interface OrderedAcks {
	/** Can be acknowledged at once. */
	ready(id: number): void;
	/** Waits for `settle`. */
	hold(id: number): Arrived;
	/** Does nothing if it was settled. */
	settle(arrived: Arrived, state: 'ready' | 'left'): void;
	/** Messages that are not acknowledged yet, without those that were left. */
	readonly size: number;
}

/** Entries in front of the queue that are removed together. */
const maxRead = 1024;

export function createOrderedAcks(send: (id: number) => void): OrderedAcks {
	let queue: Arrived[] = [];
	/** Position of the first that waits. */
	let first = 0;

	function drain(): void {
		for (; first < queue.length; first++) {
			const { id, state } = queue[first] as Arrived;
			if (state === 'held') break;
			if (state === 'ready') send(id);
		}
		if (first === queue.length) {
			queue = [];
			first = 0;
		} else if (first >= maxRead) {
			queue = queue.slice(first);
			first = 0;
		}
	}

	return {
		ready(id) {
			if (queue.length === 0) send(id);
			else queue.push({ id, state: 'ready' });
		},
		hold(id) {
			const arrived: Arrived = { id, state: 'held' };
			queue.push(arrived);
			return arrived;
		},
		settle(arrived, state) {
			if (arrived.state !== 'held') return;
			arrived.state = state;
			if (queue[first] === arrived) drain();
		},
		get size() {
			let size = 0;
			for (let at = first; at < queue.length; at++) if (queue[at]?.state !== 'left') size++;
			return size;
		},
	};
}
