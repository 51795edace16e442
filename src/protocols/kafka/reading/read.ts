import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import type { Cluster } from '../cluster/cluster';
import { earliest, latest, offsetsAt } from '../cluster/offsets';
import type { Cursor } from './cursor';
import { type Range, rangesOf, type Wanted, wantedOf } from './range';
import { type Reading, readingFailure } from './reading';

/** What outlasts a link, so that a new one goes on where the last one ended. */
export interface Progress {
	/** The subscription as text, since another one with the same id begins anew. */
	subscription: string;
	ranges: Range[];
	count: number;
}

export interface ReadOptions {
	cluster: Cluster;
	reading: Reading;
	sink: Sink;
	subscription: Subscription;
	id: string;
	/** Of the last link. */
	progress: Progress | undefined;
	keep(progress: Progress): void;
	/** It has come to its end, or cannot go on. */
	over(): void;
}

export interface Running {
	granted: Granted;
	/** Ends it; resolves when the cluster knows it, where it has to. */
	stop(): void | Promise<void>;
}

/** Reads a topic without a consumer group. Throws a FailureError if it cannot begin. */
export async function startRead(options: ReadOptions): Promise<Running> {
	const { cluster, reading, sink, subscription, id } = options;
	const { target } = subscription;
	const wanted = wantedOf(subscription);
	const topic = await cluster.topic(target, true);
	const text = JSON.stringify(subscription);
	let { progress } = options;
	if (progress?.subscription !== text) {
		const { ranges, notes } = await rangesOf(cluster, topic, wanted);
		for (const note of notes) sink.note(note);
		progress = { subscription: text, ranges, count: 0 };
	}
	options.keep(progress);
	const { ranges } = progress;
	const kept = progress;
	const subscriptions = [id];
	const cursors = new Set<Cursor>();
	let state: 'running' | 'over' = 'running';

	function stop(): void {
		state = 'over';
		for (const cursor of cursors) reading.remove(cursor);
		cursors.clear();
	}

	function finish(): void {
		if (state === 'over') return;
		stop();
		options.over();
		sink.subscription(id, { finished: `Finished reading ${target}: ${words(kept.count)}.` });
	}

	function cursorOf(range: Range): Cursor {
		return {
			...{ topic: target, topicId: topic.id, partition: range.partition, isolation: wanted.isolation },
			...{ leader: range.leader, end: range.end, until: range.end, untilTime: range.endTime },
			...{ pausedUntil: 0, failures: 0, isAlone: false },
			get from() {
				return range.from;
			},
			set from(offset) {
				range.from = offset;
			},
			record(payload, meta, flags) {
				sink.message({ target, payload, flags, meta, subscriptions });
				kept.count++;
				return kept.count !== wanted.limit;
			},
			skipped(first, last, reason) {
				const what =
					first === last ? `The message at offset ${first}` : `The messages at the offsets ${first} to ${last}`;
				sink.note(`${what} of ${target}, partition ${range.partition}, cannot be read: ${reason}.`, true);
			},
			done() {
				reading.remove(this);
				cursors.delete(this);
				if (cursors.size === 0 || kept.count === wanted.limit) finish();
			},
			outOfRange() {
				void catchUp(this);
			},
			failed(error) {
				if (state === 'over') return;
				stop();
				options.over();
				sink.subscription(id, { failure: readingFailure(error, target, range.partition).failure });
			},
		};
	}

	/** Old records were deleted while they were read, or the log was truncated. */
	async function catchUp(cursor: Cursor): Promise<void> {
		try {
			const now = await cluster.topic(target, true);
			const [first, last] = await Promise.all(
				[earliest, latest].map(async (when) =>
					(await offsetsAt(cluster, now, [cursor.partition], when)).get(cursor.partition),
				),
			);
			if (!cursors.has(cursor) || first === undefined || last === undefined) return;
			const next = cursor.from < first ? first : last;
			if (next === cursor.from) return;
			sink.note(
				`Partition ${cursor.partition} of ${target} now has the offsets ${first} to ${last - 1n}: reading goes on at ${next} instead of ${cursor.from}.`,
				true,
			);
			cursor.from = next;
		} catch {
			// Tried again with the next fetch.
		}
	}

	for (const range of ranges) {
		if (range.end !== undefined && range.from >= range.end) continue;
		const cursor = cursorOf(range);
		cursor.leader = topic.partitions.find(({ index }) => index === range.partition)?.leader ?? range.leader;
		cursors.add(cursor);
	}
	for (const cursor of cursors) reading.add(cursor);
	// Nothing to read: it ends after it was granted.
	if (cursors.size === 0) setImmediate(finish);
	return { granted: { detail: grantedText(wanted, ranges) }, stop };
}

const words = (count: number) => (count === 1 ? '1 message' : `${count.toLocaleString('en-US')} messages`);

function grantedText({ limit }: Wanted, ranges: readonly Range[]): string {
	const first = ranges[0];
	const where =
		ranges.length === 1 && first
			? `partition ${first.partition} from offset ${first.from}`
			: `${ranges.length} partitions`;
	const end = ranges.every((range) => range.end !== undefined || range.endTime !== undefined) ? ', to its end' : '';
	return `${where}${end}${limit === undefined ? '' : `, at most ${words(limit)}`}; no consumer group`;
}
