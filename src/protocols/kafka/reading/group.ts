import { fail, toFailure } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import type { Sink } from '../../adapter';
import type { Cluster } from '../cluster/cluster';
import { boundsOf, earliest, type Isolation, latest, offsetsAt } from '../cluster/offsets';
import { kafkaFlag } from '../describe/flags';
import type { Cursor } from './cursor';
import { createMembership, type Generation, positionKey } from './membership';
import type { Running } from './read';
import { type Reading, readingFailure, unreadable } from './reading';

export interface GroupOptions {
	cluster: Cluster;
	reading: Reading;
	sink: Sink;
	subscription: Subscription;
	id: string;
	/** It cannot go on. */
	over(): void;
}

/** Milliseconds between signs of life, and between commits of what is in the log. */
const beatEvery = 3000;
const commitEvery = 1000;

/**
 * Reads a topic as a member of a consumer group. Offsets are committed when their messages are in the log, so that none is
 * lost; after a lost connection some may come twice. Throws a FailureError if it cannot begin.
 */
export async function startGroup({ cluster, reading, sink, subscription, id, over }: GroupOptions): Promise<Running> {
	const { target } = subscription;
	const group = typeof subscription.group === 'string' ? subscription.group : '';
	if (group === '') throw fail('bad-field', 'The consumer group has no name.', { field: 'group' });
	const isolation: Isolation = subscription.isolation === 'read_uncommitted' ? 'read_uncommitted' : 'read_committed';
	const subscriptions = [id];
	// A topic that is not there would only show as a member without partitions.
	await cluster.topic(target, true);
	const membership = createMembership(cluster, group, target);
	let current: Generation | undefined;
	let cursors: Cursor[] = [];
	/** Partitions of the topic when the group was last joined. */
	let partitionCount = 0;
	const committed = new Map<Cursor, bigint>();
	let state: 'running' | 'over' = 'running';
	const isOver = () => state === 'over';
	let beatTimer: ReturnType<typeof setTimeout> | undefined;
	let commitTimer: ReturnType<typeof setTimeout> | undefined;
	let turn = Promise.resolve();

	/** One of these at a time: commits, signs of life and joining refer to the same generation. */
	function inTurn(run: () => Promise<void>): Promise<void> {
		turn = turn.then(run).catch((error: unknown) => {
			if (state === 'over') return;
			end();
			over();
			sink.subscription(id, { failure: toFailure(error) });
			// Otherwise its partitions are read by no one until its session times out.
			void membership.leave().catch(() => {});
		});
		return turn;
	}

	function end(): void {
		state = 'over';
		clearTimeout(beatTimer);
		clearTimeout(commitTimer);
		revoke();
	}

	function revoke(): void {
		for (const cursor of cursors) reading.remove(cursor);
		cursors = [];
		committed.clear();
	}

	async function commit(): Promise<void> {
		const due = cursors.filter((cursor) => committed.get(cursor) !== cursor.from);
		if (due.length === 0 || !current) return;
		const offsets = due.map((cursor) => ({ topic: cursor.topic, partition: cursor.partition, offset: cursor.from }));
		await current.commit(offsets);
		for (const [at, cursor] of due.entries()) committed.set(cursor, offsets[at]?.offset ?? -1n);
	}

	/** Joins and begins with the assigned partitions. Returns them in words. */
	async function join(): Promise<string> {
		revoke();
		current = await membership.join();
		if (isOver()) return '';
		const topic = await cluster.topic(target, true);
		const own = current.assigned.find((one) => one.topic === target)?.partitions ?? [];
		const positions = await current.committed();
		const missing = own.filter((partition) => !positions.has(positionKey(target, partition)));
		const initial = await offsetsAt(
			cluster,
			topic,
			missing,
			subscription.initial === 'earliest' ? earliest : latest,
			isolation,
		);
		if (isOver()) return '';
		cursors = own.map((partition) =>
			cursorOf(
				partition,
				topic.id,
				topic.partitions.find(({ index }) => index === partition)?.leader ?? -1,
				positions.get(positionKey(target, partition)) ?? initial.get(partition) ?? 0n,
			),
		);
		for (const cursor of cursors) {
			committed.set(cursor, cursor.from);
			reading.add(cursor);
		}
		const all = topic.partitions.length;
		partitionCount = all;
		return own.length === 0
			? `member of ${group}, no partition: its other members have all ${all}`
			: `member of ${group}, ${own.length === all ? `all ${all}` : `${own.length} of ${all}`} partitions: ${own.join(', ')}`;
	}

	function cursorOf(partition: number, topicId: string, leader: number, from: bigint): Cursor {
		return {
			...{ topic: target, topicId, partition, node: leader, from, isolation },
			...{ end: undefined, until: undefined, untilTime: undefined },
			...{ pausedUntil: 0, failures: 0 },
			record(payload, meta, flags) {
				sink.message({ target, payload, flags: flags | kafkaFlag.consumed, meta, subscriptions });
				return true;
			},
			skipped(first, last, reason) {
				// Committing what is behind them would take them from all members of the group.
				this.failed(
					fail('unreadable-message', unreadable(this, first, last, reason), {
						remedy: {
							text: 'Its offset is not committed: another member can read it. Use "Read" to see what is behind it.',
						},
					}),
				);
			},
			done() {},
			outOfRange() {
				void inTurn(async () => {
					const { first, last } = await boundsOf(cluster, target, partition);
					if (!cursors.includes(this) || (this.from >= first && this.from <= last)) return;
					const next = subscription.initial === 'earliest' ? first : last;
					sink.note(
						`Partition ${partition} of ${target} no longer has the offset ${this.from}: it is read from ${next} on.`,
						true,
					);
					this.from = next;
				});
			},
			recreated() {
				sink.note(
					`The topic ${target} was deleted and created again: partition ${partition} is read from its beginning.`,
				);
			},
			failed(error) {
				// At once, so that nothing behind it is committed.
				reading.remove(this);
				cursors = cursors.filter((one) => one !== this);
				void inTurn(async () => {
					await commit().catch(() => {});
					throw readingFailure(error, target, partition);
				});
			},
		};
	}

	function beat(): void {
		if (state === 'over') return;
		beatTimer = setTimeout(async () => {
			await inTurn(async () => {
				if (isOver() || !current) return;
				// A topic that was extended is divided anew, as the consumers of other clients do.
				const found = await cluster.topic(target).catch(() => undefined);
				const isExtended = found !== undefined && found.partitions.length !== partitionCount;
				if (!(await current.beat()) && !isExtended) return;
				// What is in the log is committed before another member begins with these partitions.
				await commit().catch(() => {});
				const detail = await join();
				if (detail !== '') sink.subscription(id, { detail });
			});
			beat();
		}, beatEvery);
	}

	function commitRegularly(): void {
		if (state === 'over') return;
		commitTimer = setTimeout(async () => {
			// A refusal means that the group is being divided, which the next sign of life shows.
			await inTurn(() => commit().catch(() => {}));
			commitRegularly();
		}, commitEvery);
	}

	const detail = await join().catch(async (error: unknown) => {
		end();
		await membership.leave().catch(() => {});
		throw error;
	});
	beat();
	commitRegularly();
	return {
		granted: { detail },
		async stop() {
			if (state === 'over') return;
			state = 'over';
			clearTimeout(beatTimer);
			clearTimeout(commitTimer);
			// The cursors end first, so that nothing arrives that is not committed.
			for (const cursor of cursors) reading.remove(cursor);
			await turn;
			await commit().catch(() => {});
			await membership.leave().catch(() => {});
			revoke();
		},
	};
}
