import { fail } from '../../../base/failure';
import type { Cluster } from '../cluster/cluster';
import { isolationLevel } from '../cluster/offsets';
import { fetch } from '../wire/apis';
import type { Connection } from '../wire/connection';
import { errorOf, kafkaFailure } from '../wire/failures';
import type { Fetched } from '../wire/fetch';
import { readBatches } from '../wire/records';
import type { Cursor } from './cursor';

/** Milliseconds that a broker may wait for new messages before it answers. */
const maxWait = 500;
/** Milliseconds of the same while further partitions wait for the next fetch. */
const shortWait = 20;
/** Bytes of the answers of all brokers together that are under way at most, and of one partition in them. */
const budget = 8 * 1024 * 1024;
const maxAnswer = 4 * 1024 * 1024;
const minAnswer = 256 * 1024;
const perPartition = 1024 * 1024;
/** Milliseconds after a failure, doubled with each in a row. */
const firstPause = 250;
const maxPause = 10_000;

export interface FetcherOptions {
	cluster: Cluster;
	node: number;
	/** Maximum bytes of a message. */
	limit: number;
	/** Number of brokers that are read from. */
	brokers(): number;
	/** The partition must be asked of another broker, or again later. `code`: of the refusal, if it was one. */
	move(cursor: Cursor, code?: number): void;
	/** The leader wants this replica to be asked for the partition. */
	follow(cursor: Cursor, node: number): void;
	/** A broker or a partition cannot be read at the moment because of this failure, or can be again. */
	paused(what: string, failure: string | undefined): void;
}

export interface Fetcher {
	add(cursor: Cursor): void;
	remove(cursor: Cursor): void;
	readonly size: number;
	stop(): void;
}

/** Error codes after which the leader is looked up and asked again, of a partition that has moved or that cannot be read now. */
const moved = new Set([-1, 2, 3, 5, 6, 7, 8, 9, 13, 56, 74, 75, 78, 100, 103]);
const outOfRange = 1;

/**
 * Reads partitions of one broker by requests without a consumer group, one at a time: the next one leaves when the records
 * of the last are in the log, so nothing is buffered.
 */
export function createFetcher(options: FetcherOptions): Fetcher {
	const { cluster, node } = options;
	const broker = `broker ${node}`;
	let cursors: Cursor[] = [];
	let isRunning = false;
	let isStopped = false;
	let wake: (() => void) | undefined;
	/** Further partitions could be asked for, but not in the same request. */
	let isMore = false;

	async function run(): Promise<void> {
		isRunning = true;
		let failures = 0;
		while (cursors.length > 0 && !isStopped) {
			const chosen = choose();
			if (chosen.length === 0) {
				await pause(Math.max(1, Math.min(...cursors.map(({ pausedUntil }) => pausedUntil)) - performance.now()));
				continue;
			}
			try {
				const connection = await cluster.broker(node, 'reading');
				const answer = await request(connection, chosen);
				// A broker that can be reached and refuses every fetch is not read.
				const refused = answer.find(({ partition }) => partition === -1);
				if (refused) throw errorOf(refused.error);
				if (failures > 0) options.paused(broker, undefined);
				failures = 0;
				take(connection, answer, chosen);
			} catch (error) {
				if (isStopped) return;
				if (failures++ === 0) options.paused(broker, kafkaFailure(error, topicsOf(chosen)).message);
				await pause(Math.min(maxPause, firstPause * 2 ** failures));
				for (const cursor of chosen) options.move(cursor);
			}
		}
		isRunning = false;
	}

	/** Partitions that one request can ask for: with the same isolation, each once. The others are first the next time. */
	function choose(): Cursor[] {
		const now = performance.now();
		const chosen: Cursor[] = [];
		const names = new Set<string>();
		const ready = cursors.filter(({ pausedUntil }) => pausedUntil <= now);
		for (const cursor of ready) {
			const name = `${cursor.topic} ${cursor.partition}`;
			if (cursor.isolation !== ready[0]?.isolation || names.has(name)) continue;
			names.add(name);
			chosen.push(cursor);
		}
		isMore = chosen.length < ready.length;
		if (chosen.length > 0) {
			const taken = new Set(chosen);
			cursors = [...cursors.filter((one) => !taken.has(one)), ...rotated(chosen)];
		}
		return chosen;
	}

	function request(connection: Connection, chosen: Cursor[]): Promise<Fetched[]> {
		const isById = (connection.version(fetch) ?? 0) >= 13;
		const topics = new Map<string, Cursor[]>();
		for (const cursor of chosen) topics.set(cursor.topic, [...(topics.get(cursor.topic) ?? []), cursor]);
		const share = Math.max(minAnswer, Math.min(maxAnswer, Math.floor(budget / options.brokers())));
		// Only a batch that is too large by itself exceeds what the connection accepts.
		const size = Math.min(share, minAnswer + options.limit);
		return connection.call(
			fetch,
			...[isMore ? shortWait : maxWait, 1, size, isolationLevel(chosen[0]?.isolation ?? 'read_committed')],
			...[0, -1],
			[...topics].map(([topic, parts]) => ({
				topicId: isById ? (parts[0]?.topicId ?? '') : topic,
				partitions: parts.map(({ partition, from }) => ({
					...{ partition, currentLeaderEpoch: -1, fetchOffset: from, lastFetchedEpoch: -1 },
					partitionMaxBytes: perPartition,
				})),
			})),
			[],
			'',
		);
	}

	function take(connection: Connection, answer: Fetched[], chosen: Cursor[]): void {
		const isById = (connection.version(fetch) ?? 0) >= 13;
		const isEmpty = answer.every(({ batches }) => batches.length === 0);
		for (const fetched of answer) {
			const cursor = chosen.find(
				(one) => one.partition === fetched.partition && (isById ? one.topicId : one.topic) === fetched.topic,
			);
			// Ended while the answer was on its way.
			if (!cursor || !cursors.includes(cursor)) continue;
			if (fetched.error !== 0) {
				refuse(cursor, fetched.error);
				continue;
			}
			if (fetched.isCut && connection.life.state === 'open') throw new RangeError('The records exceed the answer.');
			if (cursor.failures > 0) options.paused(partitionName(cursor), undefined);
			cursor.failures = 0;
			if (fetched.preferred >= 0 && fetched.preferred !== node) {
				options.follow(cursor, fetched.preferred);
				continue;
			}
			const aborted = cursor.isolation === 'read_committed' ? fetched.aborted : [];
			const { batches, isCut } = fetched;
			const read = tryRead(() => readBatches(batches, cursor.partition, aborted, options.limit, cursor, isCut));
			if (!read) {
				cursor.failed(
					fail(
						'bad-answer',
						`The broker sent records of partition ${cursor.partition} of "${cursor.topic}" that cannot be read.`,
						{
							evidence: `No whole batch with offset ${cursor.from} is in the answer.`,
						},
					),
				);
				continue;
			}
			const { next, ended } = read;
			cursor.from = next;
			const readable = cursor.isolation === 'read_committed' ? fetched.lastStableOffset : fetched.highWatermark;
			// Records at the end of a compacted partition may be gone, so an offset that is never reached is an end as well: the
			// partition that a request names first is only left out of the answer if it has nothing.
			const hasNothing = isEmpty || (batches.length === 0 && cursor === chosen[0]);
			const isOver = cursor.end !== undefined && (next >= cursor.end || (hasNothing && readable >= cursor.end));
			if ((ended || isOver) && cursors.includes(cursor)) cursor.done();
		}
	}

	function refuse(cursor: Cursor, code: number): void {
		if (moved.has(code) || code === outOfRange) {
			cursor.failures++;
			cursor.pausedUntil = performance.now() + Math.min(maxPause, firstPause * 2 ** cursor.failures);
			if (code === outOfRange) cursor.outOfRange();
			options.move(cursor, code);
		} else cursor.failed(errorOf(code));
	}

	function pause(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(done, ms);
			function done() {
				clearTimeout(timer);
				wake = undefined;
				resolve();
			}
			wake = done;
		});
	}

	return {
		add(cursor) {
			cursors.unshift(cursor);
			wake?.();
			if (!isRunning) void run();
		},
		remove(cursor) {
			cursors = cursors.filter((one) => one !== cursor);
			wake?.();
		},
		get size() {
			return cursors.length;
		},
		stop() {
			isStopped = true;
			cursors = [];
			wake?.();
		},
	};
}

/** For sentences. */
export const partitionName = ({ topic, partition }: Cursor): string => `partition ${partition} of ${topic}`;

function topicsOf([first, ...others]: readonly Cursor[]): string {
	return others.some(({ topic }) => topic !== first?.topic) ? 'topics that are read' : `topic "${first?.topic}"`;
}

/** Undefined if the bytes are no batches. */
function tryRead<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

/** A broker fills its answer in the order of the request, so another partition is first each time. */
function rotated<T>([first, ...rest]: T[]): T[] {
	return first === undefined ? rest : [...rest, first];
}
