import { createSequence, type Sequence } from './sequence';

/** The peer's own streams, each of a target, by the subscriptions that read it. */
export interface Places {
	/** The same array for the same subscriptions is fastest. */
	get(subscriptions: readonly string[] | undefined, target: string, stream: string | number): Sequence;
	/** Starts all streams of a subscription anew. */
	restart(subscription: string): void;
}

type Streams = Map<string, Map<string | number, Sequence>>;

/** `onFull`: called when streams are dropped. Hot path: a look-up makes no text. */
export function createPlaces(limit: number, onFull: () => void): Places {
	/** By the subscriptions as a text, then by target and stream. */
	let readers = new Map<string, { subscriptions: readonly string[] | undefined; streams: Streams }>();
	let count = 0;
	/** Of the latest message. */
	let latest: { subscriptions: readonly string[] | undefined; streams: Streams } | undefined;
	/** Its stream: the messages of a batch belong to one. */
	let batch: { target: string; stream: string | number; sequence: Sequence } | undefined;

	function readerOf(subscriptions: readonly string[] | undefined) {
		if (latest && latest.subscriptions === subscriptions) return latest;
		const key = subscriptions?.join('\n') ?? '';
		const streams: Streams = readers.get(key)?.streams ?? new Map();
		latest = { subscriptions, streams };
		batch = undefined;
		readers.set(key, latest);
		return latest;
	}

	return {
		get(subscriptions, target, stream) {
			const { streams: known } = readerOf(subscriptions);
			if (batch && batch.stream === stream && batch.target === target) return batch.sequence;
			const found = known.get(target)?.get(stream);
			if (found) {
				batch = { target, stream, sequence: found };
				return found;
			}
			if (count >= limit) {
				readers = new Map();
				latest = batch = undefined;
				count = 0;
				onFull();
			}
			const { streams } = readerOf(subscriptions);
			const ofTarget = streams.get(target) ?? new Map<string | number, Sequence>();
			streams.set(target, ofTarget);
			const created = createSequence();
			ofTarget.set(stream, created);
			count++;
			return created;
		},
		restart(subscription) {
			for (const [key, { subscriptions, streams }] of readers) {
				if (!subscriptions?.includes(subscription)) continue;
				for (const { size } of streams.values()) count -= size;
				readers.delete(key);
			}
			latest = batch = undefined;
		},
	};
}
