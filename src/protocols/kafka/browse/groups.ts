import { FailureError, toFailure } from '../../../base/failure';
import type { BrowseNode } from '../../../model/contracts/browse';
import { sortedByName } from '../../../model/text/natural-order';
import type { Cluster } from '../cluster/cluster';
import { latest, offsetsAt } from '../cluster/offsets';
import { consumerGroupDescribe, describeGroups, listGroups, offsetFetch } from '../wire/apis';
import { errorOf, kafkaError } from '../wire/failures';
import { decodeConsumerProtocolAssignment } from '../wire/library';
import { answerOf } from '../wire/partial';
import type { Answers } from './answers';
import { counted, joined, n, properties, shown } from './words';

export interface ListedGroup {
	name: string;
	/** "Stable", "Empty"; empty where the broker does not say it in a list. */
	state: string;
	protocol: string;
	/** "classic", "consumer"; empty with brokers that only know the first. */
	type: string;
}

export interface Member {
	id: string;
	clientId: string;
	host: string;
	/** Of a static member. */
	instance: string | undefined;
	partitions: { topic: string; partition: number }[];
}

/** A position of a group. */
export interface Committed {
	topic: string;
	partition: number;
	offset: bigint;
	metadata: string;
	/** The next offset of the partition; undefined if it is not known. */
	end: bigint | undefined;
}

export interface Groups {
	/** By name. `problem`: why the list is incomplete. */
	list(): Promise<{ groups: ListedGroup[]; problem: string | undefined }>;
	describe(name: string): Promise<{ state: string; members: Member[] }>;
	/** Committed offsets in the order of topics and partitions, read from the coordinator. */
	committed(name: string): Promise<Committed[]>;
	node(group: ListedGroup): Promise<BrowseNode>;
	children(name: string): Promise<BrowseNode[]>;
}

/** Milliseconds for details that only improve a text. */
const detailWithin = 1500;

export function createGroups(cluster: Cluster, answers: Answers): Groups {
	const what = (name: string) => `consumer group "${name}"`;

	/** Each broker lists the groups that it coordinates. */
	function list(): Promise<{ groups: ListedGroup[]; problem: string | undefined }> {
		return answers.get('groups', async () => {
			await cluster.topics([]);
			const found = await Promise.allSettled(
				cluster.brokers.map(async ({ node }) => {
					const connection = await cluster.broker(node);
					return (await connection.call(listGroups, [], [])).groups;
				}),
			);
			const failed = found.find((one) => one.status === 'rejected');
			const groups = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
			if (failed && groups.length === 0) throw kafkaError(failed.reason, 'consumer groups');
			return {
				groups: sortedByName(groups, ({ groupId }) => groupId).map((one) => ({
					name: one.groupId,
					state: one.groupState ?? '',
					protocol: one.protocolType,
					type: one.groupType ?? '',
				})),
				problem:
					failed &&
					`Groups of one broker are missing: ${toFailure(kafkaError(failed.reason, 'consumer groups')).message}`,
			};
		});
	}

	function describe(name: string): Promise<{ state: string; members: Member[] }> {
		return answers.get(`group ${name}`, async () => {
			const connection = await cluster.coordinator(name);
			const { groups } = await answerOf(connection.call(describeGroups, [name], false)).catch((error: unknown) => {
				throw kafkaError(error, what(name));
			});
			const [group] = groups;
			const isNew =
				group === undefined || group.errorCode !== 0 || group.groupState === 'Dead' || group.groupState === 'DEAD';
			// Groups of the protocol of Kafka 4 (KIP-848) are described by another request.
			if (isNew && connection.version(consumerGroupDescribe) !== undefined) {
				const [described] = (await answerOf(connection.call(consumerGroupDescribe, [name], false))).groups;
				if (described?.errorCode === 0)
					return {
						state: described.groupState,
						members: described.members.map((one) => ({
							...{ id: one.memberId, clientId: one.clientId, host: one.clientHost },
							instance: one.instanceId ?? undefined,
							partitions: one.assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
								partitions.map((partition) => ({ topic: topicName, partition })),
							),
						})),
					};
			}
			if (group?.errorCode !== 0) throw kafkaError(errorOf(group?.errorCode ?? -1), what(name));
			return {
				state: group.groupState,
				members: group.members.map((one) => ({
					...{ id: one.memberId, clientId: one.clientId, host: one.clientHost },
					instance: one.groupInstanceId ?? undefined,
					partitions: assignmentOf(one.memberAssignment),
				})),
			};
		});
	}

	function committed(name: string): Promise<Committed[]> {
		return answers.get(`offsets ${name}`, async () => {
			const connection = await cluster.coordinator(name);
			const isNullable = (connection.version(offsetFetch) ?? 0) >= 2;
			if (!isNullable)
				throw new FailureError({ code: 'unsupported', message: 'The broker cannot list the offsets of a group.' });
			const answer = await connection
				.call(offsetFetch, [{ groupId: name, memberId: null, memberEpoch: -1, topics: null }], false)
				.catch((error: unknown) => {
					throw kafkaError(error, what(name));
				});
			const topics = sortedByName(answer.groups[0]?.topics ?? [], (topic) => topic.name);
			const ofTopics = await Promise.all(
				topics.map(async (topic) => {
					const ends = await endsOf(topic.name);
					return topic.partitions
						.filter(({ committedOffset }) => committedOffset >= 0n)
						.sort((a, b) => a.partitionIndex - b.partitionIndex)
						.map((one) => ({
							...{ topic: topic.name, partition: one.partitionIndex, offset: one.committedOffset },
							metadata: one.metadata ?? '',
							end: ends?.get(one.partitionIndex),
						}));
				}),
			);
			return ofTopics.flat();
		});
	}

	function endsOf(name: string): Promise<Map<number, bigint> | undefined> {
		return answers.get(`ends ${name}`, async () => {
			try {
				const topic = await cluster.topic(name);
				const led = topic.partitions.filter(({ leader }) => leader >= 0).map(({ index }) => index);
				return await offsetsAt(cluster, topic, led, latest);
			} catch {
				return undefined;
			}
		});
	}

	return {
		...{ list, describe, committed },
		async node({ name, state, protocol, type }) {
			const [described, positions] = await Promise.all([detail(describe(name)), detail(committed(name))]);
			const lag = positions && lagOf(positions);
			const shownState = described?.state || state;
			return {
				id: `group:${name}`,
				kind: 'group',
				name: name === '' ? '(empty name)' : shown(name),
				description: joined(
					lag !== undefined && `lag ${n(lag)}`,
					stateWords(shownState),
					described && counted(described.members.length, 'member'),
				),
				properties: properties(
					['State', stateWords(shownState)],
					['Members', described && n(described.members.length)],
					['Lag', lag === undefined ? undefined : n(lag)],
					['Protocol', protocol],
					['Type', type],
				),
				expandable: true,
			};
		},
		async children(name) {
			const [{ members }, positions] = await Promise.all([describe(name), committed(name)]);
			return [
				...members.map((member) => memberNode(name, member)),
				...positions.map((position) => positionNode(name, position, members)),
			];
		},
	};
}

/** Undefined if it fails or takes too long. */
async function detail<T>(promise: Promise<T>): Promise<T | undefined> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<undefined>((resolve) => {
		timer = setTimeout(resolve, detailWithin, undefined);
	});
	return Promise.race([promise.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

/** Undefined if no end is known. */
export function lagOf(positions: readonly Committed[]): bigint | undefined {
	const known = positions.flatMap(({ end, offset }) => (end === undefined ? [] : [end > offset ? end - offset : 0n]));
	return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0n);
}

/** Names of states differ with the version of the request: "Stable" and "STABLE". */
const stateWords = (state: string) =>
	state === ''
		? ''
		: shown(state.replaceAll('_', ' ').replace(/^(.)(.*)$/, (_, first, rest) => `${first}${rest.toLowerCase()}`));

function assignmentOf(bytes: Buffer): { topic: string; partition: number }[] {
	try {
		return decodeConsumerProtocolAssignment(bytes).assignedPartitions.flatMap(({ topic, partitions }) =>
			partitions.map((partition) => ({ topic, partition })),
		);
	} catch {
		// Other kinds of groups, such as those of Kafka Connect, have assignments of their own.
		return [];
	}
}

const inWords = (partitions: Member['partitions']) =>
	shown(partitions.map(({ topic, partition }) => `${topic} ${partition}`).join(', '));

function memberNode(group: string, member: Member): BrowseNode {
	return {
		id: `member:${group}:${member.id}`,
		kind: 'member',
		name: shown(member.clientId || member.id),
		description: joined(counted(member.partitions.length, 'partition'), shown(member.host.replace(/^\//, ''))),
		properties: properties(
			['Client ID', shown(member.clientId)],
			['Host', shown(member.host.replace(/^\//, ''))],
			['Member ID', shown(member.id)],
			['Static member', member.instance && shown(member.instance)],
			['Partitions', inWords(member.partitions)],
		),
		expandable: false,
	};
}

function positionNode(
	group: string,
	{ topic, partition, offset, end, metadata }: Committed,
	members: readonly Member[],
): BrowseNode {
	const lag = end === undefined ? undefined : end > offset ? end - offset : 0n;
	const owner = members.find((one) =>
		one.partitions.some((each) => each.topic === topic && each.partition === partition),
	);
	return {
		id: `position:${group}:${topic}:${partition}`,
		kind: 'position',
		name: `${shown(topic)}, partition ${partition}`,
		description: joined(
			`committed ${n(offset)}`,
			end !== undefined && `end ${n(end)}`,
			lag !== undefined && `lag ${n(lag)}`,
		),
		properties: properties(
			['Committed offset', String(offset)],
			['Next offset', end?.toString()],
			['Lag', lag === undefined ? undefined : n(lag)],
			['Metadata', shown(metadata)],
			['Read by', owner && shown(owner.clientId || owner.id)],
		),
		expandable: false,
		target: topic,
		subscription: { target: topic, mode: 'read', partitions: String(partition), from: String(offset) },
		modes: ['read'],
	};
}
