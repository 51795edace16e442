import { FailureError, fail } from '../../../base/failure';
import type { Cluster } from '../cluster/cluster';
import { offsetFetch } from '../wire/apis';
import type { Connection } from '../wire/connection';
import { kafkaFailure, refusalOf } from '../wire/failures';
import { heartbeat, joinGroup, leaveGroup, offsetCommit, syncGroup } from '../wire/group-apis';
import {
	decodeConsumerProtocolAssignment,
	decodeConsumerProtocolSubscription,
	encodeConsumerProtocolAssignment,
	encodeConsumerProtocolSubscription,
} from '../wire/library';
import { answerOf } from '../wire/partial';
import { type Assigned, assign, assignors } from './assign';

/** Milliseconds: after which a silent member is put out, and in which members must come back when partitions are divided. */
const sessionTimeout = 30_000;
const rebalanceTimeout = 60_000;

/** One generation of a membership: the partitions that were assigned to this member. */
export interface Generation {
	readonly assigned: readonly Assigned[];
	/** Positions of the group by topic and partition; a missing one has no committed offset. */
	committed(): Promise<Map<string, bigint>>;
	commit(offsets: readonly { topic: string; partition: number; offset: bigint }[]): Promise<void>;
	/** Resolves to whether the member must join again, because the group is being divided anew. */
	beat(): Promise<boolean>;
}

export interface Membership {
	/** Joins, or joins again, and waits for the assignment. */
	join(): Promise<Generation>;
	leave(): Promise<void>;
}

/** Refusals after which a member joins again, with its id, or as a new one. */
const again = /^(REBALANCE_IN_PROGRESS|COORDINATOR_LOAD_IN_PROGRESS|MEMBER_ID_REQUIRED)$/;
const asNew = /^(UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION)$/;
/** Joins in a row without an assignment. */
const maxTries = 10;
const pause = 200;

export const positionKey = (topic: string, partition: number): string => `${topic} ${partition}`;

/** A member of a consumer group with the classic protocol. All calls throw a FailureError. */
export function createMembership(cluster: Cluster, group: string, topic: string): Membership {
	const what = `consumer group "${group}"`;
	let memberId = '';
	let hasLeft = false;
	const own = encodeConsumerProtocolSubscription({ version: 1, topics: [topic] });

	function explain(error: unknown): FailureError {
		if (refusalOf(error)?.id === 'INCONSISTENT_GROUP_PROTOCOL')
			return fail('group-protocol', `The ${what} divides its partitions in a way that this client does not know.`, {
				evidence: `INCONSISTENT_GROUP_PROTOCOL; this client knows ${assignors.join(', ')}`,
				remedy: { text: 'Use "Read", which needs no group, or another group.' },
			});
		return new FailureError(kafkaFailure(error, what));
	}

	async function join(): Promise<Generation> {
		for (let attempt = 0; ; attempt++) {
			const connection = await cluster.coordinator(group, 'group');
			try {
				return await joinOnce(connection);
			} catch (error) {
				const id = refusalOf(error)?.id ?? '';
				if (asNew.test(id)) memberId = '';
				else if (!again.test(id)) throw explain(error);
				if (attempt >= maxTries || hasLeft) throw explain(error);
				if (id !== 'MEMBER_ID_REQUIRED') await new Promise((resolve) => setTimeout(resolve, pause));
			}
		}
	}

	async function joinOnce(connection: Connection): Promise<Generation> {
		const joined = await connection
			.call(
				joinGroup,
				group,
				sessionTimeout,
				rebalanceTimeout,
				memberId,
				null,
				'consumer',
				assignors.map((name) => ({ name, metadata: own })),
			)
			.catch((error: { response?: { memberId?: string } }) => {
				// The coordinator gives a new member its id together with the refusal (KIP-394).
				memberId = error.response?.memberId || memberId;
				throw error;
			});
		memberId = joined.memberId;
		const { generationId, protocolName } = joined;
		const isLeader = joined.leader === memberId;
		const assignments = isLeader ? await divided(protocolName ?? 'range', joined.members) : [];
		const { assignment } = await connection.call(
			syncGroup,
			...([group, generationId, memberId, null, 'consumer', protocolName ?? null, assignments] as const),
		);
		const { assignedPartitions } = decodeConsumerProtocolAssignment(assignment);
		return generation(connection, generationId, assignedPartitions);
	}

	async function divided(assignor: string, list: readonly { memberId: string; metadata: Buffer }[]) {
		const members = list.map(({ memberId: id, metadata }) => ({
			id,
			topics: decodeConsumerProtocolSubscription(metadata).topics,
		}));
		const names = [...new Set(members.flatMap(({ topics }) => topics))];
		const topics = await cluster.topics(names);
		const partitions = new Map(topics.map(({ name, partitions: all }) => [name, all.map(({ index }) => index)]));
		return [...assign(assignor, members, partitions)].map(([id, assignedPartitions]) => ({
			memberId: id,
			assignment: encodeConsumerProtocolAssignment({ version: 1, assignedPartitions }),
		}));
	}

	function generation(connection: Connection, generationId: number, assigned: readonly Assigned[]): Generation {
		return {
			assigned,
			async committed() {
				const topics = assigned.map((one) => ({ name: one.topic, partitionIndexes: one.partitions }));
				const answer = await connection
					.call(offsetFetch, [{ groupId: group, memberId: null, memberEpoch: -1, topics }], false)
					.catch((error: unknown) => {
						throw explain(error);
					});
				const found = new Map<string, bigint>();
				for (const one of answer.groups[0]?.topics ?? [])
					for (const { partitionIndex, committedOffset } of one.partitions)
						if (committedOffset >= 0n) found.set(positionKey(one.name, partitionIndex), committedOffset);
				return found;
			},
			async commit(offsets) {
				const topics = new Map<string, typeof offsets>();
				for (const one of offsets) topics.set(one.topic, [...(topics.get(one.topic) ?? []), one]);
				await connection
					.call(
						offsetCommit,
						...([group, generationId, memberId, null] as const),
						[...topics].map(([name, list]) => ({
							name,
							partitions: list.map(({ partition, offset }) => ({
								...{ partitionIndex: partition, committedOffset: offset },
								...{ committedLeaderEpoch: -1, committedMetadata: '' },
							})),
						})),
					)
					.catch((error: unknown) => {
						throw explain(error);
					});
			},
			async beat() {
				try {
					await connection.call(heartbeat, group, generationId, memberId, null);
					return false;
				} catch (error) {
					const id = refusalOf(error)?.id ?? '';
					if (asNew.test(id)) memberId = '';
					if (again.test(id) || asNew.test(id) || /COORDINATOR/.test(id) || connection.life.state !== 'open')
						return true;
					throw explain(error);
				}
			},
		};
	}

	return {
		join,
		async leave() {
			hasLeft = true;
			if (memberId === '') return;
			// Not over the connection of the group, which a join may hold up.
			const connection = await cluster.coordinator(group);
			await answerOf(connection.call(leaveGroup, group, [{ memberId }])).catch((error: unknown) => {
				throw explain(error);
			});
			memberId = '';
		},
	};
}
