import { FailureError, fail, toFailure } from '../../../base/failure';
import type { Sink } from '../../adapter';
import type { Cluster } from '../cluster/cluster';
import { errorOf, kafkaFailure } from '../wire/failures';
import type { Cursor } from './cursor';
import { createFetcher, type Fetcher, partitionName } from './fetcher';

export interface ReadingOptions {
	cluster: Cluster;
	sink: Sink;
	/** Maximum bytes of a message. */
	limit: number;
}

/** The partitions that are read, each from its leader. */
export interface Reading {
	add(cursor: Cursor): void;
	remove(cursor: Cursor): void;
	stop(): void;
}

/** Failures of a partition in a row that are not noted. */
const silentFailures = 3;

export function createReading({ cluster, sink, limit }: ReadingOptions): Reading {
	const fetchers = new Map<number, Fetcher>();
	const cursors = new Set<Cursor>();
	const paused = new Set<string>();
	let isStopped = false;

	function fetcherOf(node: number): Fetcher {
		const had = fetchers.get(node);
		if (had) return had;
		const made = createFetcher({
			...{ cluster, node, limit, follow, paused: notePause },
			move: (cursor, code) => void move(cursor, code),
			brokers: () => Math.max(1, [...fetchers.values()].filter(({ size }) => size > 0).length),
		});
		fetchers.set(node, made);
		return made;
	}

	function notePause(what: string, failure: string | undefined): void {
		if (isStopped) return;
		if (failure === undefined) {
			if (paused.delete(what)) sink.note(`Reading from ${what} goes on.`);
		} else if (!paused.has(what)) {
			paused.add(what);
			sink.note(`Reading from ${what} pauses: ${failure}`, true);
		}
	}

	function follow(cursor: Cursor, node: number): void {
		fetchers.get(cursor.node)?.remove(cursor);
		cursor.node = node;
		fetcherOf(node).add(cursor);
	}

	/** Asks who leads the partition now. */
	async function move(cursor: Cursor, code?: number): Promise<void> {
		try {
			const topic = await cluster.topic(cursor.topic, true);
			if (!cursors.has(cursor) || isStopped) return;
			const partition = topic.partitions.find(({ index }) => index === cursor.partition);
			if (!partition)
				throw fail('unknown-partition', `The topic "${cursor.topic}" has no partition ${cursor.partition} anymore.`);
			const { leader } = partition;
			if (topic.id !== cursor.topicId) {
				cursor.topicId = topic.id;
				cursor.from = 0n;
				cursor.recreated(topic.id);
			}
			// Electing a leader takes a moment.
			if (cursor.failures >= silentFailures && code !== undefined)
				notePause(
					partitionName(cursor),
					leader < 0 ? 'It has no leader at the moment.' : kafkaFailure(errorOf(code), `topic "${topic.name}"`).message,
				);
			if (leader >= 0 && leader !== cursor.node) follow(cursor, leader);
		} catch (error) {
			// A topic that was deleted is not read again; anything else is tried again with the next fetch.
			const { code } = toFailure(error);
			if (cursors.has(cursor) && /^(unknown-|not-permitted$)/.test(code)) cursor.failed(error);
		}
	}

	return {
		add(cursor) {
			cursors.add(cursor);
			// Without a leader, any broker says so until there is one.
			if (cursor.node < 0) cursor.node = cluster.brokers[0]?.node ?? cursor.node;
			fetcherOf(cursor.node).add(cursor);
		},
		remove(cursor) {
			cursors.delete(cursor);
			fetchers.get(cursor.node)?.remove(cursor);
		},
		stop() {
			isStopped = true;
			for (const fetcher of fetchers.values()) fetcher.stop();
			cursors.clear();
		},
	};
}

/** Which records of a partition cannot be read, and why. */
export function unreadable({ topic, partition }: Cursor, first: bigint, last: bigint, reason: string): string {
	const what = first === last ? `The message at offset ${first}` : `The messages at the offsets ${first} to ${last}`;
	return `${what} of ${topic}, partition ${partition}, cannot be read: ${reason}.`;
}

/** The failure that ends the reading of a partition. */
export function readingFailure(error: unknown, topic: string, partition: number): FailureError {
	return new FailureError(kafkaFailure(error, `topic "${topic}" (partition ${partition})`));
}
