import type { Socket } from 'node:net';
import type { Cluster } from '../../../../src/playground/kafka/cluster';
import type { Serve } from '../../../../src/playground/kafka/connection';

const topicAuthorizationFailed = 29;

interface NamedTopic {
	name: string | null;
	topicId?: string;
	partitions?: { index?: number; partitionIndex?: number }[];
}

/** Refuses topics to users who may not use them: in Metadata, Produce, Fetch and ListOffsets. */
export function withDenials(
	cluster: () => Cluster,
	denied: Record<string, readonly string[]>,
	userOf: (socket: Socket) => string | undefined,
	next: Serve,
): Serve {
	return async (api, request, call, socket) => {
		const names = denied[userOf(socket) ?? ''] ?? [];
		const { topics } = request as { topics?: NamedTopic[] | null };
		if (names.length === 0 || !['Metadata', 'Produce', 'Fetch', 'ListOffsets'].includes(api.name))
			return next(api, request, call, socket);
		const isDenied = ({ name, topicId = '' }: NamedTopic) =>
			names.includes(name || (cluster().topicById(topicId)?.name ?? ''));
		const allowed = topics?.filter((one) => !isDenied(one));
		const refused = (topics?.filter(isDenied) ?? []).map((topic) => ({
			...topic,
			errorCode: topicAuthorizationFailed,
			partitions: topic.partitions?.map(({ index, partitionIndex = index }) => ({
				index,
				partitionIndex,
				errorCode: topicAuthorizationFailed,
				...{ baseOffset: -1n, logAppendTimeMs: -1n, logStartOffset: -1n, offset: -1n, timestamp: -1n },
				...{ highWatermark: -1n, lastStableOffset: -1n, records: Buffer.alloc(0) },
			})),
		}));
		// Nothing is awaited for refused partitions.
		const quick = refused.length > 0 ? { maxWaitMs: 0 } : {};
		const input = { ...(request as object), ...quick, topics: topics ? allowed : topics };
		const answer = (await next(api, input, call, socket)) as { topics: NamedTopic[] } | undefined;
		if (!answer) return answer;
		// A list of all topics leaves refused ones out.
		return { ...answer, topics: [...answer.topics.filter((one) => !isDenied(one)), ...refused] };
	};
}
