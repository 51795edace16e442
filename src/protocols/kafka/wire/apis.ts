import {
	apiVersionsV0,
	consumerGroupDescribeV0,
	describeConfigsV1,
	describeConfigsV2,
	describeConfigsV3,
	describeConfigsV4,
	describeGroupsV0,
	describeGroupsV1,
	describeGroupsV2,
	describeGroupsV3,
	describeGroupsV4,
	describeGroupsV5,
	describeLogDirsV1,
	describeLogDirsV2,
	describeLogDirsV3,
	describeLogDirsV4,
	fetchV4,
	fetchV5,
	fetchV6,
	fetchV7,
	fetchV8,
	fetchV9,
	fetchV10,
	fetchV11,
	fetchV12,
	fetchV13,
	fetchV14,
	fetchV15,
	fetchV16,
	fetchV17,
	findCoordinatorV1,
	findCoordinatorV2,
	findCoordinatorV3,
	findCoordinatorV4,
	findCoordinatorV5,
	findCoordinatorV6,
	listGroupsV0,
	listGroupsV1,
	listGroupsV2,
	listGroupsV3,
	listGroupsV4,
	listGroupsV5,
	listOffsetsV1,
	listOffsetsV2,
	listOffsetsV3,
	listOffsetsV4,
	listOffsetsV5,
	listOffsetsV6,
	listOffsetsV7,
	listOffsetsV8,
	listOffsetsV9,
	metadataV4,
	metadataV5,
	metadataV6,
	metadataV7,
	metadataV8,
	metadataV9,
	metadataV10,
	metadataV11,
	metadataV12,
	offsetFetchV1,
	offsetFetchV2,
	offsetFetchV3,
	offsetFetchV4,
	offsetFetchV5,
	offsetFetchV6,
	offsetFetchV7,
	offsetFetchV8,
	offsetFetchV9,
	produceV3,
	produceV4,
	produceV5,
	produceV6,
	produceV7,
	produceV8,
	produceV9,
	produceV10,
	produceV11,
} from '@platformatic/kafka';
import { fetchApi } from './fetch';
import type { API } from './library';

/** The versions of a request that this client can send. */
export interface Versions<Request extends unknown[], Response> {
	/** Its name in the specification, for sentences. */
	name: string;
	key: number;
	versions: readonly API<Request, Response>[];
}

/** `latest` gives the types; earlier versions have the same arguments and leave out what they do not know. */
export function versions<Request extends unknown[], Response>(
	name: string,
	latest: { api: API<Request, Response> },
	...earlier: readonly { api: unknown }[]
): Versions<Request, Response> {
	return {
		name,
		key: latest.api.key,
		versions: [latest.api, ...earlier.map(({ api }) => api as API<Request, Response>)],
	};
}

export const apiVersions = versions('ApiVersions', apiVersionsV0);

// From version 4 on, a request says whether it may create topics.
export const metadata = versions(
	'Metadata',
	metadataV12,
	...[metadataV11, metadataV10, metadataV9, metadataV8, metadataV7, metadataV6, metadataV5, metadataV4],
);

export const findCoordinator = versions(
	'FindCoordinator',
	findCoordinatorV6,
	...[findCoordinatorV5, findCoordinatorV4, findCoordinatorV3, findCoordinatorV2, findCoordinatorV1],
);

export const listOffsets = versions(
	'ListOffsets',
	listOffsetsV9,
	...[
		listOffsetsV8,
		listOffsetsV7,
		listOffsetsV6,
		listOffsetsV5,
		listOffsetsV4,
		listOffsetsV3,
		listOffsetsV2,
		listOffsetsV1,
	],
);

// From version 3 on, records have headers.
export const produce = versions(
	'Produce',
	produceV11,
	...[produceV10, produceV9, produceV8, produceV7, produceV6, produceV5, produceV4, produceV3],
);

export const fetch = versions(
	'Fetch',
	fetchApi(fetchV17),
	...[
		fetchV16,
		fetchV15,
		fetchV14,
		fetchV13,
		fetchV12,
		fetchV11,
		fetchV10,
		fetchV9,
		fetchV8,
		fetchV7,
		fetchV6,
		fetchV5,
		fetchV4,
	].map(fetchApi),
);

export const describeConfigs = versions(
	'DescribeConfigs',
	describeConfigsV4,
	...[describeConfigsV3, describeConfigsV2, describeConfigsV1],
);

export const describeGroups = versions(
	'DescribeGroups',
	describeGroupsV5,
	...[describeGroupsV4, describeGroupsV3, describeGroupsV2, describeGroupsV1, describeGroupsV0],
);

export const describeLogDirs = versions(
	'DescribeLogDirs',
	describeLogDirsV4,
	...[describeLogDirsV3, describeLogDirsV2, describeLogDirsV1],
);

export const listGroups = versions(
	'ListGroups',
	listGroupsV5,
	...[listGroupsV4, listGroupsV3, listGroupsV2, listGroupsV1, listGroupsV0],
);

export const offsetFetch = versions(
	'OffsetFetch',
	offsetFetchV9,
	...[
		offsetFetchV8,
		offsetFetchV7,
		offsetFetchV6,
		offsetFetchV5,
		offsetFetchV4,
		offsetFetchV3,
		offsetFetchV2,
		offsetFetchV1,
	],
);

export const consumerGroupDescribe = versions('ConsumerGroupDescribe', consumerGroupDescribeV0);
