type Named = Record<string, unknown>;
interface Request extends Named {
	topics: Named[];
	resources: Named[];
	groupsNames: string[];
	topicNames: string[];
}

/** Refusals of requests that change something: the change is not made. */
const refusals: Record<string, (request: Request, errorCode: number) => unknown> = {
	Produce: ({ topics }, errorCode) => ({
		topics: topics.map(({ name, partitions }) => ({
			name,
			partitions: (partitions as { index: number }[]).map(({ index }) => ({
				index,
				errorCode,
				baseOffset: -1n,
				logAppendTimeMs: -1n,
				logStartOffset: -1n,
			})),
		})),
	}),
	CreateTopics: named('topics'),
	CreatePartitions: named('results'),
	DeleteTopics: ({ topics, topicNames }, errorCode) => ({
		responses: [...topics, ...topicNames.map((name) => ({ name }))].map((one) => ({ ...one, errorCode })),
	}),
	DeleteRecords: ofPartitions,
	OffsetCommit: ofPartitions,
	OffsetDelete: ofPartitions,
	DeleteGroups: ({ groupsNames }, errorCode) => ({ results: groupsNames.map((groupId) => ({ groupId, errorCode })) }),
	AlterConfigs: ofResources,
	IncrementalAlterConfigs: ofResources,
	JoinGroup: ({ memberId }, errorCode) => ({ errorCode, generationId: -1, memberId, protocolName: '' }),
};

function named(list: string) {
	return ({ topics }: Request, errorCode: number) => ({ [list]: topics.map(({ name }) => ({ name, errorCode })) });
}

function ofPartitions({ topics }: Request, errorCode: number) {
	return {
		topics: topics.map(({ name, partitions }) => ({
			name,
			partitions: (partitions as { partitionIndex: number }[]).map(({ partitionIndex }) => ({
				partitionIndex,
				errorCode,
			})),
		})),
	};
}

function ofResources({ resources }: Request, errorCode: number) {
	return {
		responses: resources.map(({ resourceType, resourceName }) => ({ resourceType, resourceName, errorCode })),
	};
}

/** An answer whose error codes all are `code`. */
export async function refuse(api: string, request: unknown, answer: () => unknown, code: number): Promise<unknown> {
	const refusal = refusals[api];
	if (refusal) return refusal(request as Request, code);
	return withCode(await answer(), code, true);
}

/** Schemas leave out an error code that an object does not have. */
function withCode(value: unknown, code: number, isRoot = false): unknown {
	if (Array.isArray(value)) return value.map((one) => withCode(one, code));
	if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
	const members = Object.entries(value).map(([name, member]) => [name, withCode(member, code)]);
	return { ...Object.fromEntries(members), errorCode: code, ...(isRoot ? { errorMessage: null } : {}) };
}
