import type { Outcome } from '../../../model/contracts/hold';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import type { Cluster } from '../cluster/cluster';
import { boundsOf, boundsText } from '../cluster/offsets';
import type { Cursor } from './cursor';
import { partitionsText, type Range, rangesOf, type Wanted, wantedOf } from './range';
import { type Reading, readingFailure, unreadable } from './reading';

/** What outlasts a link, so that a new one goes on where the last one ended. */
export interface Progress {
	/** The subscription as text, since another one with the same id begins anew. */
	subscription: string;
	topicId: string;
	/** Number of partitions that the topic had. */
	partitions: number;
	ranges: Range[];
	count: number;
}

/** Milliseconds between two looks at whether the topic has further partitions. */
const lookEvery = 30_000;

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
	/** Of a subscription that holds its messages. */
	settle?(seqs: readonly number[], outcome: Outcome): void;
	held?(): number;
}

/** Reads a topic without a consumer group. Throws a FailureError if it cannot begin. */
export async function startRead(options: ReadOptions): Promise<Running> {
	const { cluster, reading, sink, subscription, id } = options;
	const { target } = subscription;
	const wanted = wantedOf(subscription);
	const topic = await cluster.topic(target, true);
	const text = JSON.stringify(subscription);
	const had = options.progress?.subscription === text ? options.progress : undefined;
	const isOther = had !== undefined && had.topicId !== topic.id;
	if (isOther) noteRecreated();
	const kept = had && !isOther ? had : await begin(isOther);
	options.keep(kept);
	const { ranges } = kept;
	const subscriptions = [id];
	const cursors = new Set<Cursor>();
	let state: 'running' | 'over' = 'running';

	async function begin(isOther: boolean): Promise<Progress> {
		const { ranges, notes } = await rangesOf(
			cluster,
			topic,
			isOther ? { ...wanted, start: { kind: 'earliest' } } : wanted,
		);
		for (const note of notes) sink.note(note, true);
		const partitions = topic.partitions.length;
		return { subscription: text, topicId: topic.id, partitions, ranges, count: had?.count ?? 0 };
	}

	function noteRecreated(): void {
		sink.note(`The topic ${target} was deleted and created again: it is read from its beginning.`, true);
	}

	function stop(): void {
		state = 'over';
		clearInterval(looking);
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
			...{ topic: target, topicId: kept.topicId, partition: range.partition, isolation: wanted.isolation },
			...{ node: range.leader, end: range.end, until: range.end, untilTime: range.endTime },
			...{ pausedUntil: 0, failures: 0 },
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
				sink.note(unreadable(this, first, last, reason), true);
			},
			done() {
				reading.remove(this);
				cursors.delete(this);
				if (cursors.size === 0 || kept.count === wanted.limit) finish();
			},
			outOfRange() {
				void catchUp(this);
			},
			recreated(topicId) {
				if (kept.topicId !== topicId) noteRecreated();
				kept.topicId = topicId;
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
			const bounds = await boundsOf(cluster, target, cursor.partition);
			const { first, last } = bounds;
			if (!cursors.has(cursor) || (cursor.from >= first && cursor.from <= last)) return;
			const next = cursor.from < first ? first : last;
			sink.note(
				`Partition ${cursor.partition} of ${target} ${boundsText(bounds)} now: reading goes on at ${next} instead of ${cursor.from}.`,
				true,
			);
			cursor.from = next;
		} catch {
			// Tried again with the next fetch.
		}
	}

	/** Reads partitions as well that were added to the topic, from their beginning, and those that had no leader. */
	async function look(): Promise<void> {
		const now = await cluster.topic(target);
		const added: number[] = [];
		for (const { index, leader } of now.partitions) {
			if (leader < 0 || ranges.some((one) => one.partition === index)) continue;
			if (wanted.partitions && !wanted.partitions.includes(index)) continue;
			const start: Wanted['start'] = index < kept.partitions ? wanted.start : { kind: 'earliest' };
			const found = await rangesOf(cluster, now, { ...wanted, start, partitions: [index] });
			const [range] = found.ranges;
			if (state === 'over' || !range || ranges.some((one) => one.partition === index)) return;
			added.push(index);
			ranges.push(range);
			const cursor = cursorOf(range);
			cursors.add(cursor);
			reading.add(cursor);
		}
		if (added.length > 0) sink.note(`Reading now includes ${partitionsText(target, added)}.`);
	}

	const goesOn = wanted.end.kind === 'none';
	// A failure to ask is not the end of what is read; the next look may succeed.
	const looking = goesOn ? setInterval(() => void look().catch(() => {}), lookEvery) : undefined;
	for (const range of ranges) {
		if (range.end !== undefined && range.from >= range.end) continue;
		const cursor = cursorOf(range);
		cursor.node = topic.partitions.find(({ index }) => index === range.partition)?.leader ?? range.leader;
		cursors.add(cursor);
	}
	for (const cursor of cursors) reading.add(cursor);
	if (goesOn && kept === had) void look().catch(() => {});
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
