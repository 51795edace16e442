import {
	createPartitionsV0,
	createPartitionsV1,
	createPartitionsV2,
	createPartitionsV3,
	createTopicsV2,
	createTopicsV3,
	createTopicsV4,
	createTopicsV5,
	createTopicsV6,
	createTopicsV7,
	deleteGroupsV0,
	deleteGroupsV1,
	deleteGroupsV2,
	deleteRecordsV0,
	deleteRecordsV1,
	deleteRecordsV2,
	deleteTopicsV1,
	deleteTopicsV2,
	deleteTopicsV3,
	deleteTopicsV4,
	deleteTopicsV5,
	deleteTopicsV6,
	incrementalAlterConfigsV0,
	incrementalAlterConfigsV1,
	offsetDeleteV0,
} from '@platformatic/kafka';
import { versions } from './apis';

// Requests that change topics, settings or consumer groups. Only actions send them.

export const createTopics = versions(
	'CreateTopics',
	createTopicsV7,
	...[createTopicsV6, createTopicsV5, createTopicsV4, createTopicsV3, createTopicsV2],
);

export const deleteTopics = versions(
	'DeleteTopics',
	deleteTopicsV6,
	...[deleteTopicsV5, deleteTopicsV4, deleteTopicsV3, deleteTopicsV2, deleteTopicsV1],
);

export const createPartitions = versions(
	'CreatePartitions',
	createPartitionsV3,
	...[createPartitionsV2, createPartitionsV1, createPartitionsV0],
);

export const deleteRecords = versions('DeleteRecords', deleteRecordsV2, deleteRecordsV1, deleteRecordsV0);

export const incrementalAlterConfigs = versions(
	'IncrementalAlterConfigs',
	incrementalAlterConfigsV1,
	incrementalAlterConfigsV0,
);

export const deleteGroups = versions('DeleteGroups', deleteGroupsV2, deleteGroupsV1, deleteGroupsV0);

export const offsetDelete = versions('OffsetDelete', offsetDeleteV0);
