import type { Api } from './api';
import { alterConfigs, describeConfigs, incrementalAlterConfigs } from './configs';
import { fetch, listOffsets, offsetForLeaderEpoch } from './fetch';
import { deleteGroups, describeGroups, listGroups } from './group-admin';
import { findCoordinator, heartbeat, joinGroup, leaveGroup, syncGroup } from './group-members';
import { offsetCommit, offsetDelete, offsetFetch } from './group-offsets';
import { describeCluster, metadata } from './metadata';
import { produce } from './produce';
import { createPartitions, createTopics, deleteRecords, deleteTopics, describeLogDirs } from './topics';
import { initProducerId } from './transactions';

/** All APIs of the broker except ApiVersions, which is made from this list. */
export const apis: readonly Api[] = [
	produce,
	fetch,
	listOffsets,
	metadata,
	offsetCommit,
	offsetFetch,
	findCoordinator,
	joinGroup,
	heartbeat,
	leaveGroup,
	syncGroup,
	describeGroups,
	listGroups,
	createTopics,
	deleteTopics,
	deleteRecords,
	initProducerId,
	offsetForLeaderEpoch,
	describeConfigs,
	alterConfigs,
	describeLogDirs,
	createPartitions,
	deleteGroups,
	incrementalAlterConfigs,
	offsetDelete,
	describeCluster,
];
