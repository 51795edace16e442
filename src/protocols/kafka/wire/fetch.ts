import { type API, createAPI, type Reader } from './library';
import type { Aborted } from './records';

interface FetchRequestTopic {
	topicId: string;
	partitions: {
		partition: number;
		currentLeaderEpoch: number;
		fetchOffset: bigint;
		lastFetchedEpoch: number;
		partitionMaxBytes: number;
	}[];
}

export type FetchRequest = [
	maxWaitMs: number,
	minBytes: number,
	maxBytes: number,
	isolationLevel: number,
	sessionId: number,
	sessionEpoch: number,
	/** In `topicId`, versions before 13 have the name. */
	topics: FetchRequestTopic[],
	forgotten: [],
	rackId: string,
];

/** One partition of a fetch, whose batches are not decoded. */
export interface Fetched {
	/** Id of the topic from version 13 on, its name before. */
	topic: string;
	partition: number;
	error: number;
	/** The offset behind the last record that consumers may read; with `read_committed` use `lastStableOffset`. */
	highWatermark: bigint;
	lastStableOffset: bigint;
	aborted: Aborted[];
	/** Replica that the leader wants to be asked instead (KIP-392); -1: none. */
	preferred: number;
	/** Only the start of the batches is there. */
	isCut: boolean;
	/** Valid until the callback of the request returns. */
	batches: Buffer;
}

/** A limit of what a fetch may name, against counts that an answer claims. */
const maxCount = 100_000;

interface FetchVersion {
	api: { version: number };
	createRequest(...request: never[]): unknown;
}

/**
 * A version of Fetch whose answer keeps the batches as bytes: the library decodes each record into objects, and ignores the
 * records that belong to an error.
 */
export function fetchApi({ api, createRequest }: FetchVersion): { api: API<FetchRequest, Fetched[]> } {
	const { version } = api;
	const isFlexible = version >= 12;
	return {
		api: createAPI<FetchRequest, Fetched[]>(
			1,
			version,
			createRequest as Parameters<typeof createAPI>[2],
			(_correlation, _key, _version, reader) => readAnswer(reader, version),
			isFlexible,
			isFlexible,
		),
	};
}

/**
 * The answer of https://kafka.apache.org/protocol.html#The_Messages_Fetch in versions 4 to 17; of one that is cut, what is there.
 * Throws a RangeError.
 */
function readAnswer(reader: Reader, version: number): Fetched[] {
	const isFlexible = version >= 12;
	const count = () => {
		const value = isFlexible ? reader.readUnsignedVarInt() - 1 : reader.readInt32();
		if (value > maxCount) throw new RangeError('The answer names too many partitions.');
		return value;
	};
	const tags = () => {
		if (isFlexible) reader.readTaggedFields();
	};
	reader.readInt32();
	if (version >= 7) {
		const error = reader.readInt16();
		reader.readInt32();
		if (error !== 0) return [{ ...nothing, error }];
	}
	const partitions: Fetched[] = [];
	for (let topics = count(); topics > 0; topics--) {
		const topic = version >= 13 ? reader.readUUID() : (reader.readString(isFlexible) ?? '');
		for (let left = count(); left > 0; left--) {
			const partition = reader.readInt32();
			const error = reader.readInt16();
			const highWatermark = reader.readInt64();
			const lastStableOffset = reader.readInt64();
			if (version >= 5) reader.readInt64();
			const aborted: Aborted[] = [];
			for (let transactions = count(); transactions > 0; transactions--) {
				aborted.push({ producerId: reader.readInt64(), firstOffset: reader.readInt64() });
				tags();
			}
			const preferred = version >= 11 ? reader.readInt32() : -1;
			const length = isFlexible ? reader.readUnsignedVarInt() - 1 : reader.readInt32();
			const start = reader.position;
			const end = Math.min(start + Math.max(0, length), reader.buffer.length);
			const isCut = end < start + length;
			partitions.push({
				...{ topic, partition, error, highWatermark, lastStableOffset, aborted, preferred, isCut },
				batches: end > start ? reader.buffer.slice(start, end) : noBytes,
			});
			if (isCut) return partitions;
			reader.skip(end - start);
			tags();
		}
		tags();
	}
	return partitions;
}

const noBytes = Buffer.alloc(0);
const nothing: Omit<Fetched, 'error'> = {
	...{ topic: '', partition: -1, highWatermark: -1n, lastStableOffset: -1n, aborted: [] },
	...{ preferred: -1, isCut: false },
	batches: noBytes,
};
