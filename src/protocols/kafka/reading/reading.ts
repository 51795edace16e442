import { FailureError, fail, toFailure } from '../../../base/failure';
import type { Sink } from '../../adapter';
import type { Cluster } from '../cluster/cluster';
import { kafkaFailure } from '../wire/failures';
import type { Cursor } from './cursor';
import { createFetcher, type Fetcher } from './fetcher';

export interface ReadingOptions {
	cluster: Cluster;
	sink: Sink;
	/** Bytes of a batch after decompression. */
	batchLimit: number;
}

/** The partitions that are read, each from its leader. */
export interface Reading {
	add(cursor: Cursor): void;
	remove(cursor: Cursor): void;
	stop(): void;
}

export function createReading({ cluster, sink, batchLimit }: ReadingOptions): Reading {
	const fetchers = new Map<number, Fetcher>();
	const cursors = new Set<Cursor>();
	const lost = new Set<number>();
	let isStopped = false;

	function fetcherOf(node: number): Fetcher {
		const had = fetchers.get(node);
		if (had) return had;
		const made = createFetcher({
			...{ cluster, node, batchLimit, move: (cursor) => void move(cursor), reachable },
			brokers: () => Math.max(1, [...fetchers.values()].filter(({ size }) => size > 0).length),
		});
		fetchers.set(node, made);
		return made;
	}

	function reachable(node: number, failure: string | undefined): void {
		if (isStopped) return;
		if (failure === undefined) {
			if (lost.delete(node)) sink.note(`Broker ${node} is read again.`);
		} else if (!lost.has(node)) {
			lost.add(node);
			sink.note(`Reading from broker ${node} pauses: ${failure}`, true);
		}
	}

	/** Asks who leads the partition now. */
	async function move(cursor: Cursor): Promise<void> {
		try {
			const topic = await cluster.topic(cursor.topic, true);
			if (!cursors.has(cursor) || isStopped) return;
			const partition = topic.partitions.find(({ index }) => index === cursor.partition);
			if (!partition)
				throw fail('unknown-partition', `The topic "${cursor.topic}" has no partition ${cursor.partition} anymore.`);
			const isOther = partition.leader >= 0 && partition.leader !== cursor.leader;
			cursor.topicId = topic.id;
			if (!isOther) return;
			fetcherOf(cursor.leader).remove(cursor);
			cursor.leader = partition.leader;
			fetcherOf(cursor.leader).add(cursor);
		} catch (error) {
			// A topic that was deleted is not read again; anything else is tried again with the next fetch.
			const { code } = toFailure(error);
			if (cursors.has(cursor) && /^(unknown-|not-permitted$)/.test(code)) cursor.failed(error);
		}
	}

	return {
		add(cursor) {
			cursors.add(cursor);
			fetcherOf(cursor.leader).add(cursor);
		},
		remove(cursor) {
			cursors.delete(cursor);
			fetchers.get(cursor.leader)?.remove(cursor);
		},
		stop() {
			isStopped = true;
			for (const fetcher of fetchers.values()) fetcher.stop();
			cursors.clear();
		},
	};
}

/** The failure that ends the reading of a partition. */
export function readingFailure(error: unknown, topic: string, partition: number): FailureError {
	return new FailureError(kafkaFailure(error, `topic "${topic}" (partition ${partition})`));
}
