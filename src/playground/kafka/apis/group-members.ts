import { randomUUID } from 'node:crypto';
import { attempt, errors, KafkaError } from '../errors';
import type { Group, Joined, MemberInput } from '../groups/group';
import * as t from '../wire/schema';
import { api, type Call } from './api';

/** The group, if the broker that was asked coordinates it and it exists. */
export function coordinated({ cluster, node }: Call, id: string, create: boolean): Group {
	if (cluster.coordinator(id) !== node)
		throw new KafkaError(errors.notCoordinator, 'This is not the correct coordinator.');
	const group = create ? cluster.groups.getOrCreate(id) : cluster.groups.get(id);
	if (!group) throw new KafkaError(errors.unknownMemberId, 'The group does not exist.');
	return group;
}

export const findCoordinator = api({
	key: 10,
	name: 'FindCoordinator',
	versions: [0, 4],
	flexible: 3,
	request: t.struct({
		key: t.between(0, 3, t.string),
		keyType: t.since(1, t.int8),
		coordinatorKeys: t.since(4, t.array(t.string)),
	}),
	response: t.struct({
		throttleTimeMs: t.since(1, t.int32),
		errorCode: t.between(0, 3, t.int16),
		errorMessage: t.between(1, 3, t.nullableString),
		nodeId: t.between(0, 3, t.int32),
		host: t.between(0, 3, t.string),
		port: t.between(0, 3, t.int32),
		coordinators: t.since(
			4,
			t.array(
				t.struct({
					key: t.string,
					nodeId: t.int32,
					host: t.string,
					port: t.int32,
					errorCode: t.int16,
					errorMessage: t.nullableString,
				}),
			),
		),
	}),
	handle({ key, coordinatorKeys }, { cluster }) {
		const find = (name: string) => {
			const node = cluster.coordinator(name);
			if (!node)
				return { nodeId: -1, host: '', port: -1, errorCode: errors.coordinatorNotAvailable, errorMessage: null };
			return { nodeId: node.id, host: node.host, port: node.port, errorCode: errors.none, errorMessage: null };
		};
		return { ...find(key), coordinators: coordinatorKeys.map((name) => ({ key: name, ...find(name) })) };
	},
});

export const joinGroup = api({
	key: 11,
	name: 'JoinGroup',
	versions: [0, 9],
	flexible: 6,
	request: t.struct({
		groupId: t.string,
		sessionTimeoutMs: t.int32,
		rebalanceTimeoutMs: t.since(1, t.int32, -1),
		memberId: t.string,
		groupInstanceId: t.since(5, t.nullableString),
		protocolType: t.string,
		protocols: t.array(t.struct({ name: t.string, metadata: t.bytes })),
		reason: t.since(8, t.nullableString),
	}),
	response: t.struct({
		throttleTimeMs: t.since(2, t.int32),
		errorCode: t.int16,
		generationId: t.int32,
		protocolType: t.since(7, t.nullableString),
		protocolName: t.nullableString,
		leader: t.string,
		skipAssignment: t.since(9, t.bool),
		memberId: t.string,
		members: t.array(
			t.struct({ memberId: t.string, groupInstanceId: t.since(5, t.nullableString), metadata: t.bytes }),
		),
	}),
	async handle(request, call) {
		const { groupId, memberId } = request;
		const done = attempt(() => {
			const group = coordinated(call, groupId, true);
			const { limits } = call.cluster;
			const size = request.protocols.reduce((sum, { metadata }) => sum + metadata.length, 0);
			if (request.protocols.length === 0 || size > limits.memberBytes)
				throw new KafkaError(
					errors.inconsistentGroupProtocol,
					'The member names no protocol, or its metadata is too large.',
				);
			if (request.sessionTimeoutMs < 100 || request.sessionTimeoutMs > 1_800_000)
				throw new KafkaError(errors.invalidSessionTimeout, 'The session timeout is not within the allowed range.');
			const isNew = memberId === '' || !group.members.has(memberId);
			if (isNew && group.members.size >= limits.membersPerGroup)
				throw new KafkaError(errors.groupMaxSizeReached, 'The consumer group has reached its max size.');
			return group;
		});
		if (!('value' in done)) return answer({ errorCode: done.code, memberId }, call.version);
		const group = done.value;
		const input: MemberInput = {
			...request,
			clientId: call.clientId,
			clientHost: call.clientHost,
			rebalanceTimeoutMs: request.rebalanceTimeoutMs < 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
			protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
		};
		const previous = [...group.members.values()].find(
			(one) => one.groupInstanceId !== null && one.groupInstanceId === request.groupInstanceId,
		);
		if (memberId === '') {
			const id = `${call.clientId || 'consumer'}-${randomUUID()}`;
			// A static member that comes back replaces itself (KIP-345).
			if (previous) group.leave(previous.memberId);
			// A new member learns its id first, so that a repeated request does not join twice (KIP-394).
			else if (call.version >= 4 && request.groupInstanceId === null)
				return answer({ errorCode: errors.memberIdRequired, memberId: id }, call.version);
			return answer(await group.join(input, id), call.version);
		}
		return answer(await group.join(input, memberId), call.version);
	},
});

function answer(joined: Joined, version: number) {
	const { protocolName = null, protocolType = null } = joined;
	return {
		generationId: -1,
		leader: '',
		...joined,
		protocolType,
		protocolName: version < 7 ? (protocolName ?? '') : protocolName,
	};
}

export const syncGroup = api({
	key: 14,
	name: 'SyncGroup',
	versions: [0, 5],
	flexible: 4,
	request: t.struct({
		groupId: t.string,
		generationId: t.int32,
		memberId: t.string,
		groupInstanceId: t.since(3, t.nullableString),
		protocolType: t.since(5, t.nullableString),
		protocolName: t.since(5, t.nullableString),
		assignments: t.array(t.struct({ memberId: t.string, assignment: t.bytes })),
	}),
	response: t.struct({
		throttleTimeMs: t.since(1, t.int32),
		errorCode: t.int16,
		protocolType: t.since(5, t.nullableString),
		protocolName: t.since(5, t.nullableString),
		assignment: t.bytes,
	}),
	async handle({ groupId, generationId, memberId, assignments }, call) {
		const done = attempt(() => {
			if (assignments.some(({ assignment }) => assignment.length > call.cluster.limits.memberBytes))
				throw new KafkaError(errors.invalidRequest, 'The assignment is too large.');
			const group = coordinated(call, groupId, false);
			const copies = assignments.map((one) => ({ memberId: one.memberId, assignment: Buffer.from(one.assignment) }));
			return { group, synced: group.sync(memberId, generationId, copies) };
		});
		if (!('value' in done)) return { errorCode: done.code };
		const { group, synced } = done.value;
		return { ...(await synced), protocolType: group.protocolType, protocolName: group.protocolName };
	},
});

export const heartbeat = api({
	key: 12,
	name: 'Heartbeat',
	versions: [0, 4],
	flexible: 4,
	request: t.struct({
		groupId: t.string,
		generationId: t.int32,
		memberId: t.string,
		groupInstanceId: t.since(3, t.nullableString),
	}),
	response: t.struct({ throttleTimeMs: t.since(1, t.int32), errorCode: t.int16 }),
	handle({ groupId, generationId, memberId }, call) {
		const done = attempt(() => coordinated(call, groupId, false).heartbeat(memberId, generationId));
		return { errorCode: 'value' in done ? done.value : done.code };
	},
});

export const leaveGroup = api({
	key: 13,
	name: 'LeaveGroup',
	versions: [0, 5],
	flexible: 4,
	request: t.struct({
		groupId: t.string,
		memberId: t.between(0, 2, t.string),
		members: t.since(
			3,
			t.array(
				t.struct({
					memberId: t.string,
					groupInstanceId: t.nullableString,
					reason: t.since(5, t.nullableString),
				}),
			),
		),
	}),
	response: t.struct({
		throttleTimeMs: t.since(1, t.int32),
		errorCode: t.int16,
		members: t.since(
			3,
			t.array(t.struct({ memberId: t.string, groupInstanceId: t.nullableString, errorCode: t.int16 })),
		),
	}),
	handle({ groupId, memberId, members }, call) {
		const leave = (id: string, instance: string | null) => {
			const done = attempt(() => {
				const group = coordinated(call, groupId, false);
				const known = [...group.members.values()].find((one) => instance !== null && one.groupInstanceId === instance);
				group.leave(id || (known?.memberId ?? ''));
			});
			return 'value' in done ? errors.none : done.code;
		};
		if (call.version < 3) return { errorCode: leave(memberId, null) };
		return {
			members: members.map(({ memberId: id, groupInstanceId }) => ({
				memberId: id,
				groupInstanceId,
				errorCode: leave(id, groupInstanceId),
			})),
		};
	},
});
