import assert from 'node:assert/strict';
import test from 'node:test';
import * as library from '@platformatic/kafka';
import { fetch } from '../../../../src/protocols/kafka/wire/apis';
import type { Fetched } from '../../../../src/protocols/kafka/wire/fetch';

interface Theirs {
	responses: {
		topicId: string;
		partitions: {
			partitionIndex: number;
			highWatermark: bigint;
			lastStableOffset: bigint;
			abortedTransactions: unknown;
		}[];
	}[];
}

type Parser = (correlation: number, key: number, version: number, reader: library.Reader) => unknown;

/** The reader of an answer that a request of ours passes to the library. */
function parserOf(version: number): Parser {
	let found: Parser | undefined;
	const connection = { send: (...all: unknown[]) => (found = all[3] as Parser) };
	const api = fetch.versions.find((one) => one.version === version);
	(api as unknown as (...all: unknown[]) => void)(connection);
	if (!found) throw new Error(`No version ${version}.`);
	return found;
}

const topicId = '01234567-89ab-cdef-0123-456789abcdef';

/** An answer with two partitions, one of them with aborted transactions and batches. */
function answer(version: number, batches: Buffer): Buffer {
	const flexible = version >= 12;
	const writer = library.Writer.create().appendInt32(0);
	if (version >= 7) writer.appendInt16(0).appendInt32(0);
	writer.appendArray(
		[[0, 1]],
		(w, partitions) => {
			if (version >= 13) w.appendUUID(topicId);
			else w.appendString('orders', flexible);
			w.appendArray(
				partitions,
				(p, index) => {
					p.appendInt32(index)
						.appendInt16(0)
						.appendInt64(2n ** 62n)
						.appendInt64(7n);
					if (version >= 5) p.appendInt64(1n);
					p.appendArray(
						index === 0 ? [{ id: 5n, first: 3n }] : [],
						(a, { id, first }) => a.appendInt64(id).appendInt64(first),
						flexible,
						flexible,
					);
					if (version >= 11) p.appendInt32(-1);
					if (index === 0) p.appendBytes(batches, flexible);
					else if (flexible) p.appendUnsignedVarInt(0);
					else p.appendInt32(-1);
				},
				flexible,
				flexible,
			);
		},
		flexible,
		flexible,
	);
	if (flexible) writer.appendTaggedFields();
	return writer.buffer;
}

const batches = Buffer.from(
	library.createRecordsBatch([{ topic: 'orders', value: Buffer.from('v'), timestamp: 1n } as never]).buffer,
);

for (let version = 4; version <= 17; version++)
	test(`version ${version} of a fetch is read as the library reads it`, () => {
		const bytes = answer(version, batches);
		const own = parserOf(version)(1, 1, version, library.Reader.from(bytes)) as Fetched[];
		const apis = library as unknown as Record<string, { parseResponse: Parser }>;
		const theirs = apis[`fetchV${version}`]?.parseResponse(1, 1, version, library.Reader.from(bytes)) as Theirs;
		const [topic] = theirs.responses;
		assert.deepEqual(
			own.map(({ topic: name, partition, highWatermark, lastStableOffset, aborted }) => ({
				...{ name, partition, highWatermark, lastStableOffset, aborted },
			})),
			topic?.partitions.map((one) => ({
				...{ name: topic.topicId, partition: one.partitionIndex, highWatermark: one.highWatermark },
				...{ lastStableOffset: one.lastStableOffset, aborted: one.abortedTransactions },
			})),
		);
		assert.deepEqual(
			own.map((one) => one.batches.length),
			[batches.length, 0],
		);
		assert.ok(own[0]?.batches.equals(batches));
	});

test('counts that an answer only claims are refused', () => {
	for (const version of [4, 17]) {
		const bytes = answer(version, batches);
		for (let at = 4; at < 40; at++)
			for (const byte of [0x7f, 0xff]) {
				const broken = Buffer.from(bytes);
				broken.fill(byte, at, at + 5);
				try {
					parserOf(version)(1, 1, version, library.Reader.from(broken));
				} catch (error) {
					assert.ok(error instanceof Error);
				}
			}
	}
});
