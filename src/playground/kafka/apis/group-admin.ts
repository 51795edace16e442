import { attempt, errors, KafkaError } from '../errors';
import * as t from '../wire/schema';
import { api } from './api';

export const listGroups = api({
	key: 16,
	name: 'ListGroups',
	versions: [0, 5],
	flexible: 3,
	request: t.struct({ statesFilter: t.since(4, t.array(t.string)), typesFilter: t.since(5, t.array(t.string)) }),
	response: t.struct({
		throttleTimeMs: t.since(1, t.int32),
		errorCode: t.int16,
		groups: t.array(
			t.struct({
				groupId: t.string,
				protocolType: t.string,
				groupState: t.since(4, t.string),
				groupType: t.since(5, t.string),
			}),
		),
	}),
	handle: ({ statesFilter, typesFilter }, { cluster, node }) => ({
		groups: cluster.groups
			.list()
			.filter(({ id }) => cluster.coordinator(id) === node)
			.filter(({ state }) => statesFilter.length === 0 || statesFilter.includes(state))
			.filter(() => typesFilter.length === 0 || typesFilter.some((one) => one.toLowerCase() === 'classic'))
			.map(({ id, protocolType, state }) => ({
				groupId: id,
				protocolType,
				groupState: state,
				groupType: 'classic',
			})),
	}),
});

const operations = -(2 ** 31);

export const describeGroups = api({
	key: 15,
	name: 'DescribeGroups',
	versions: [0, 5],
	flexible: 5,
	request: t.struct({ groups: t.array(t.string), includeAuthorizedOperations: t.since(3, t.bool) }),
	response: t.struct({
		throttleTimeMs: t.since(1, t.int32),
		groups: t.array(
			t.struct({
				errorCode: t.int16,
				groupId: t.string,
				groupState: t.string,
				protocolType: t.string,
				protocolData: t.string,
				members: t.array(
					t.struct({
						memberId: t.string,
						groupInstanceId: t.since(4, t.nullableString),
						clientId: t.string,
						clientHost: t.string,
						memberMetadata: t.bytes,
						memberAssignment: t.bytes,
					}),
				),
				authorizedOperations: t.since(3, t.int32),
			}),
		),
	}),
	handle: ({ groups }, { cluster, node }) => ({
		groups: groups.map((groupId) => {
			const common = { groupId, authorizedOperations: operations };
			if (cluster.coordinator(groupId) !== node) return { ...common, errorCode: errors.notCoordinator };
			const group = cluster.groups.get(groupId);
			if (!group) return { ...common, groupState: 'Dead' };
			return {
				...common,
				groupState: group.state,
				protocolType: group.protocolType,
				protocolData: group.state === 'Stable' ? group.protocolName : '',
				members: [...group.members.values()].map((member) => ({
					memberId: member.memberId,
					groupInstanceId: member.groupInstanceId,
					clientId: member.clientId,
					clientHost: `/${member.clientHost}`,
					memberMetadata: group.state === 'Stable' ? group.metadataOf(member) : Buffer.alloc(0),
					memberAssignment: group.state === 'Stable' ? member.assignment : Buffer.alloc(0),
				})),
			};
		}),
	}),
});

export const deleteGroups = api({
	key: 42,
	name: 'DeleteGroups',
	versions: [0, 2],
	flexible: 2,
	request: t.struct({ groupsNames: t.array(t.string) }),
	response: t.struct({
		throttleTimeMs: t.int32,
		results: t.array(t.struct({ groupId: t.string, errorCode: t.int16 })),
	}),
	handle: ({ groupsNames }, { cluster, node }) => ({
		results: groupsNames.map((groupId) => {
			const done = attempt(() => {
				if (cluster.coordinator(groupId) !== node)
					throw new KafkaError(errors.notCoordinator, 'This is not the correct coordinator.');
				cluster.groups.delete(groupId);
			});
			return { groupId, errorCode: 'value' in done ? errors.none : done.code };
		}),
	}),
});
