import {
	heartbeatV0,
	heartbeatV1,
	heartbeatV2,
	heartbeatV3,
	heartbeatV4,
	joinGroupV0,
	joinGroupV1,
	joinGroupV2,
	joinGroupV3,
	joinGroupV4,
	joinGroupV5,
	joinGroupV6,
	joinGroupV7,
	joinGroupV8,
	joinGroupV9,
	leaveGroupV0,
	leaveGroupV1,
	leaveGroupV2,
	leaveGroupV3,
	leaveGroupV4,
	leaveGroupV5,
	offsetCommitV2,
	offsetCommitV3,
	offsetCommitV4,
	offsetCommitV5,
	offsetCommitV6,
	offsetCommitV7,
	offsetCommitV8,
	offsetCommitV9,
	syncGroupV0,
	syncGroupV1,
	syncGroupV2,
	syncGroupV3,
	syncGroupV4,
	syncGroupV5,
} from '@platformatic/kafka';
import { versions } from './apis';

/* Requests of a member of a consumer group. */

export const heartbeat = versions('Heartbeat', heartbeatV4, ...[heartbeatV3, heartbeatV2, heartbeatV1, heartbeatV0]);

export const joinGroup = versions(
	'JoinGroup',
	joinGroupV9,
	...[
		joinGroupV8,
		joinGroupV7,
		joinGroupV6,
		joinGroupV5,
		joinGroupV4,
		joinGroupV3,
		joinGroupV2,
		joinGroupV1,
		joinGroupV0,
	],
);

export const leaveGroup = versions(
	'LeaveGroup',
	leaveGroupV5,
	...[leaveGroupV4, leaveGroupV3, leaveGroupV2, leaveGroupV1, leaveGroupV0],
);

export const offsetCommit = versions(
	'OffsetCommit',
	offsetCommitV9,
	...[offsetCommitV8, offsetCommitV7, offsetCommitV6, offsetCommitV5, offsetCommitV4, offsetCommitV3, offsetCommitV2],
);

export const syncGroup = versions(
	'SyncGroup',
	syncGroupV5,
	...[syncGroupV4, syncGroupV3, syncGroupV2, syncGroupV1, syncGroupV0],
);
