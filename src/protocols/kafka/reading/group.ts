import { fail, toFailure } from '../../../base/failure';
import type { Hold, Outcome } from '../../../model/contracts/hold';
import { flag } from '../../../model/contracts/message';
import type { Subscription } from '../../../model/profile/profile';
import type { Sink } from '../../adapter';
import type { Cluster } from '../cluster/cluster';
import { boundsOf, earliest, type Isolation, latest, offsetsAt } from '../cluster/offsets';
import { kafkaFlag } from '../describe/flags';
import { storedOffset } from '../describe/stored-record';
import type { Cursor } from './cursor';
import { createGroupHolding } from './group-holding';
import { createMembership, type Generation, positionKey } from './membership';
import type { Running } from './read';
import { type Reading, readingFailure, unreadable } from './reading';

export interface GroupOptions {
	cluster: Cluster;
	reading: Reading;
	sink: Sink;
	subscription: Subscription;
	id: string;
	/** Commits only what was settled. */
	hold: Hold | undefined;
	/** It cannot go on. */
	over(): void;
}

/** Milliseconds between signs of life, between commits of what is in the log, and from an outcome to its commit. */
const beatEvery = 3000;
const commitEvery = 1000;
const commitSoonAfter = 100;
/** A subscription is granted after this many milliseconds at the latest: a group waits for a killed member until its session ends. */
const grantWithin = 5000;

/**
 * Reads a topic as a member of a consumer group. Offsets are committed when their messages are in the log or, with `hold`, have
 * been settled, so that none is lost; after a lost connection some may come twice. Throws a FailureError if it cannot begin.
 */
export async function startGroup({
	cluster,
	reading,
	sink,
	subscription,
	id,
	hold,
	over,
}: GroupOptions): Promise<Running> {
	const { target } = subscription;
	const group = typeof subscription.group === 'string' ? subscription.group : '';
	if (group === '') throw fail('bad-field', 'The consumer group has no name.', { field: 'group' });
	const isolation: Isolation = subscription.isolation === 'read_uncommitted' ? 'read_uncommitted' : 'read_committed';
	const subscriptions = [id];
	// A topic that is not there would only show as a member without partitions.
	await cluster.topic(target, true);
	const holding = hold && createGroupHolding(hold);
	const membership = createMembership(cluster, group, target);
	let current: Generation | undefined;
	let cursors: Cursor[] = [];
	/** Partitions of the topic when the group was last joined. */
	let partitionCount = 0;
	/** By partition. */
	const committed = new Map<number, bigint>();
	/** The cursors wait until held messages are settled. */
	let isPaused = false;
	/** It waits for the other members. */
	let isJoining = false;
	let state: 'running' | 'over' = 'running';
	const isOver = () => state === 'over';
	let beatTimer: ReturnType<typeof setTimeout> | undefined;
	let commitTimer: ReturnType<typeof setTimeout> | undefined;
	let soonTimer: ReturnType<typeof setTimeout> | undefined;
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
		clearTimeout(soonTimer);
		revoke();
		holding?.dropAll();
	}

	function revoke(): void {
		for (const cursor of cursors) reading.remove(cursor);
		cursors = [];
		committed.clear();
	}

	const positionOf = (partition: number, next: bigint) => holding?.position(partition, next) ?? next;

	async function commit(): Promise<void> {
		const offsets = cursors
			.map(({ topic, partition, from }) => ({ topic, partition, offset: positionOf(partition, from) }))
			.filter(({ partition, offset }) => committed.get(partition) !== offset);
		if (offsets.length === 0 || !current) return;
		await current.commit(offsets);
		for (const { partition, offset } of offsets) committed.set(partition, offset);
	}

	/** Joins and begins with the assigned partitions. Returns them in words. */
	async function join(): Promise<string> {
		const before = new Map(cursors.map(({ partition, from }) => [partition, from]));
		const had = new Map(committed);
		revoke();
		isJoining = true;
		current = await membership.join().finally(() => {
			isJoining = false;
		});
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
		for (const partition of before.keys()) {
			const position = positions.get(positionKey(target, partition));
			// No other member has read a partition whose position is still that of this one: what it holds stays valid.
			if (!own.includes(partition) || position === undefined || position !== had.get(partition))
				holding?.drop(partition);
		}
		cursors = own.map((partition) => {
			const position = positions.get(positionKey(target, partition)) ?? initial.get(partition) ?? 0n;
			const isKept = holding?.has(partition) === true;
			committed.set(partition, position);
			return cursorOf(
				partition,
				topic.id,
				topic.partitions.find(({ index }) => index === partition)?.leader ?? -1,
				(isKept ? before.get(partition) : undefined) ?? position,
			);
		});
		resume();
		const all = topic.partitions.length;
		partitionCount = all;
		return own.length === 0
			? `member of ${group}, no partition: its other members have all ${all}`
			: `member of ${group}, ${own.length === all ? `all ${all}` : `${own.length} of ${all}`} partitions: ${own.join(', ')}`;
	}

	function pause(): void {
		isPaused = true;
		for (const cursor of cursors) reading.remove(cursor);
	}

	/** Goes on with reading unless too many messages wait for their outcome. */
	function resume(): void {
		isPaused = holding?.isFull === true;
		if (!isPaused) for (const cursor of cursors) reading.add(cursor);
	}

	function settle(seqs: readonly number[], outcome: Outcome): void {
		const again = holding?.settle(seqs, outcome);
		if (!again || isOver()) return;
		// With a new cursor, since an answer to the one before may be on its way.
		for (const [partition, offset] of again) {
			const at = cursors.findIndex((one) => one.partition === partition);
			const had = cursors[at];
			if (!had || had.from <= BigInt(offset)) continue;
			reading.remove(had);
			const next = cursorOf(partition, had.topicId, had.node, BigInt(offset));
			cursors[at] = next;
			if (!isPaused) reading.add(next);
		}
		if (isPaused) resume();
		soonTimer ??= setTimeout(() => {
			soonTimer = undefined;
			void inTurn(() => commit().catch(() => {}));
		}, commitSoonAfter);
	}

	function cursorOf(partition: number, topicId: string, leader: number, from: bigint): Cursor {
		return {
			...{ topic: target, topicId, partition, node: leader, from, isolation },
			...{ end: undefined, until: undefined, untilTime: undefined },
			...{ pausedUntil: 0, failures: 0 },
			record(payload, meta, flags) {
				if (!holding) {
					sink.message({ target, payload, flags: flags | kafkaFlag.consumed, meta, subscriptions });
					return true;
				}
				const offset = storedOffset(meta);
				if (!holding.isNew(partition, offset)) return true;
				const all = flags | kafkaFlag.consumed | flag.held;
				holding.add(sink.message({ target, payload, flags: all, meta, subscriptions }), partition, offset);
				if (!holding.isFull) return true;
				// The other partitions of the same answer are read again later.
				pause();
				return false;
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
					holding?.drop(partition);
				});
			},
			recreated() {
				holding?.drop(partition);
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

	function report(detail: string): void {
		if (!isOver()) sink.subscription(id, { detail });
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
				report(await join());
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

	const joining = join();
	let grantTimer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<void>((resolve) => {
		grantTimer = setTimeout(() => resolve(), grantWithin);
	});
	const detail = await Promise.race([joining, late]).catch(async (error: unknown) => {
		end();
		await membership.leave().catch(() => {});
		throw error;
	});
	clearTimeout(grantTimer);
	if (!detail) void inTurn(async () => report(await joining));
	beat();
	commitRegularly();
	return {
		granted: { detail: detail || `joining ${group}: waits until its other members have joined again or timed out` },
		...(holding && { settle, held: () => holding.size }),
		async stop() {
			if (state === 'over') return;
			state = 'over';
			clearTimeout(beatTimer);
			clearTimeout(commitTimer);
			clearTimeout(soonTimer);
			// The cursors end first, so that nothing arrives that is not committed.
			for (const cursor of cursors) reading.remove(cursor);
			// Leaving ends a join that waits for other members.
			if (!isJoining) {
				await turn;
				await commit().catch(() => {});
			}
			await membership.leave().catch(() => {});
			revoke();
		},
	};
}
