import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { crc32c, createRecordsBatch, type MessageRecord } from '@platformatic/kafka';
import { kafkaFlag } from '../../../../src/protocols/kafka/describe/flags';
import { storedRecord, storeRecord } from '../../../../src/protocols/kafka/describe/stored-record';
import { decompress, hasZstd, Unreadable } from '../../../../src/protocols/kafka/wire/decompress';
import { type Aborted, type RecordReader, readBatches } from '../../../../src/protocols/kafka/wire/records';

const limit = 1024 * 1024;

interface Read {
	values: string[];
	offsets: bigint[];
	timestamps: bigint[];
	keys: (string | undefined)[];
	flags: number[];
	skipped: string[];
	next: bigint;
	ended: boolean;
}

function read(bytes: Buffer, wanted: Partial<RecordReader> = {}, aborted: Aborted[] = []): Read {
	const result: Read = {
		values: [],
		offsets: [],
		timestamps: [],
		keys: [],
		flags: [],
		skipped: [],
		next: -1n,
		ended: false,
	};
	const { next, ended } = readBatches(bytes, 3, aborted, limit, {
		...{ from: 0n, until: undefined, untilTime: undefined },
		record(value, meta, flags) {
			const record = storedRecord(meta);
			result.values.push(Buffer.from(value).toString());
			result.offsets.push(record?.offset ?? -1n);
			result.timestamps.push(record?.timestamp ?? -1n);
			result.keys.push(record?.key && Buffer.from(record.key).toString());
			result.flags.push(flags);
			return true;
		},
		skipped: (first, last, reason) => result.skipped.push(`${first}-${last}: ${reason}`),
		...wanted,
	});
	return { ...result, next, ended };
}

type Options = Parameters<typeof createRecordsBatch>[1];

/** The batch with the checksum of what it has become. */
function sealed(bytes: Buffer): Buffer {
	bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17);
	return bytes;
}

/** A batch as the library writes it, at an offset. */
function batch(offset: bigint, messages: Partial<MessageRecord>[], options?: Options): Buffer {
	const full = messages.map(
		(one) => ({ topic: 't', value: Buffer.from('x'), timestamp: 1000n, ...one }) as MessageRecord,
	);
	const bytes = Buffer.from(createRecordsBatch(full, options).buffer);
	bytes.writeBigInt64BE(offset, 0);
	return bytes;
}

const texts = (...values: string[]) => values.map((value) => ({ value: Buffer.from(value) }));

test('reads batches one after another, with exact offsets', () => {
	const first = 2n ** 63n - 10n;
	const bytes = Buffer.concat([batch(2n ** 32n - 1n, texts('a', 'b')), batch(first, texts('c', 'd'))]);
	const { values, offsets, next } = read(bytes);
	assert.deepEqual(values, ['a', 'b', 'c', 'd']);
	assert.deepEqual(offsets, [2n ** 32n - 1n, 2n ** 32n, first, first + 1n]);
	assert.equal(next, first + 2n);
});

test('begins within a batch and ignores the cut end of the last one', () => {
	const bytes = Buffer.concat([batch(0n, texts('a', 'b', 'c')), batch(3n, texts('d')).subarray(0, -1)]);
	const { values, next } = read(bytes, { from: 1n });
	assert.deepEqual(values, ['b', 'c']);
	assert.equal(next, 3n);
});

const times: [title: string, timestamps: bigint[]][] = [
	['a few milliseconds apart', [1_760_000_000_000n, 1_760_000_000_001n]],
	['before their first', [1_760_000_000_000n, 1_759_999_999_000n]],
	['around zero', [0n, -1n]],
	['beyond a double', [2n ** 62n, 2n ** 62n + 1n]],
];
for (const [title, timestamps] of times)
	test(`timestamps ${title} are exact`, () => {
		assert.deepEqual(
			read(
				batch(
					0n,
					timestamps.map((timestamp) => ({ timestamp })),
				),
			).timestamps,
			timestamps,
		);
	});

test('the time of the append counts where the topic says so', () => {
	const bytes = batch(0n, [{ timestamp: 5n }, { timestamp: 7n }]);
	bytes.writeInt16BE(8, 21);
	bytes.writeBigInt64BE(99n, 35);
	const { timestamps, flags } = read(sealed(bytes));
	assert.deepEqual(timestamps, [99n, 99n]);
	assert.deepEqual(flags, [kafkaFlag.appendTime, kafkaFlag.appendTime]);
});

test('ends before an offset, before a time, and when the reader has enough', () => {
	const bytes = Buffer.concat([
		batch(
			0n,
			[1n, 2n, 3n].map((timestamp) => ({ timestamp })),
		),
		batch(3n, texts('x')),
	]);
	assert.deepEqual([read(bytes, { until: 2n }).offsets, read(bytes, { until: 2n }).ended], [[0n, 1n], true]);
	assert.deepEqual([read(bytes, { until: 4n }).offsets, read(bytes, { until: 4n }).ended], [[0n, 1n, 2n, 3n], true]);
	assert.deepEqual([read(bytes, { untilTime: 3 }).offsets, read(bytes, { untilTime: 3 }).ended], [[0n, 1n], true]);
	const { next, ended } = read(bytes, { record: () => false });
	assert.deepEqual([next, ended], [1n, true]);
});

test('a tombstone, an empty value and no key are kept apart', () => {
	const bytes = batch(0n, [
		{ value: null as never, key: Buffer.from('k') },
		{ value: Buffer.alloc(0), key: Buffer.alloc(0) },
	]);
	const { flags, keys } = read(bytes);
	assert.deepEqual(flags, [kafkaFlag.tombstone, 0]);
	assert.deepEqual(keys, ['k', '']);
});

test('a key and headers that are larger than the scratch space', () => {
	const key = 'k'.repeat(100_000);
	const { keys } = read(batch(0n, [{ key: Buffer.from(key) }, { key: Buffer.from('small') }]));
	assert.deepEqual(keys, [key, 'small']);
});

test('old formats and damaged batches are skipped, and what follows is read', () => {
	const old = batch(0n, texts('a'));
	old.writeInt8(1, 16);
	const damaged = batch(1n, texts('b', 'c'));
	damaged.fill(0xff, 61);
	const changed = batch(3n, texts('d'));
	changed.writeUInt8(0x65, changed.length - 1);
	const all = [old, sealed(damaged), changed, batch(4n, texts('e'))];
	const { values, skipped, next } = read(Buffer.concat(all));
	assert.deepEqual(values, ['e']);
	assert.deepEqual(skipped, [
		'0-0: it has the message format 1, which brokers before Kafka 0.11 wrote',
		'1-2: its records are malformed',
		'3-3: its checksum is wrong',
	]);
	assert.equal(next, 5n);
});

test('transactions: control records and aborted ones are left out', () => {
	const of = (offset: bigint, producerId: bigint, attributes: number, ...values: string[]) => {
		const bytes = batch(offset, texts(...values), { producerId } as Options);
		bytes.writeInt16BE(attributes, 21);
		return sealed(bytes);
	};
	const bytes = Buffer.concat([
		of(0n, 1n, 0x10, 'aborted'),
		of(1n, 2n, 0x10, 'committed'),
		of(2n, 1n, 0x30, 'marker'),
		of(3n, 2n, 0x30, 'marker'),
		of(4n, 1n, 0x10, 'later'),
	]);
	assert.deepEqual(read(bytes, {}, [{ producerId: 1n, firstOffset: 0n }]).values, ['committed', 'later']);
	assert.deepEqual(read(bytes).values, ['aborted', 'committed', 'later']);
	assert.equal(read(bytes).next, 5n);
});

test('any damage leaves a result and no endless loop, also under a right checksum', () => {
	const plain = batch(0n, texts('a', 'bb', 'ccc'));
	const zipped = batch(3n, texts('d'), { compression: 'gzip' } as Options);
	const whole = Buffer.concat([plain, zipped]);
	for (let at = 0; at < whole.length; at++)
		for (const byte of [0, 1, 0x7f, 0x80, 0xff]) {
			const bytes = Buffer.from(whole);
			bytes[at] = byte;
			try {
				read(bytes);
				const [first, second] = [bytes.subarray(0, plain.length), bytes.subarray(plain.length)];
				read(Buffer.concat([sealed(first), sealed(second)]));
			} catch (error) {
				assert.ok(error instanceof RangeError, `byte ${at} = ${byte}: ${error}`);
			}
		}
});

const bombs: [title: string, codec: number, bytes: Buffer][] = [
	['gzip', 1, gzipSync(Buffer.alloc(limit + 1))],
	// The length in front of a block: 2 GiB.
	['snappy', 2, Buffer.of(0xff, 0xff, 0xff, 0xff, 0x07, 0)],
	['snappy with a length of more than 32 bits', 2, Buffer.of(0xff, 0xff, 0xff, 0xff, 0x7f, 0)],
	[
		'snappy in blocks',
		2,
		Buffer.concat([
			Buffer.from('82534e4150505900' + '0000000100000001', 'hex'),
			...Array.from({ length: 3 }, () => Buffer.from('00000005' + 'ffff1f0000', 'hex')),
		]),
	],
	[
		'lz4',
		3,
		Buffer.concat([
			Buffer.from('04224d18' + '6070' + '73', 'hex'),
			...Array.from({ length: 2 }, () => Buffer.concat([Buffer.from('00400000', 'hex'), Buffer.alloc(0x4000)])),
			Buffer.alloc(4),
		]),
	],
	...(hasZstd
		? [
				['zstd', 4, Buffer.from('28b52ffda40000000154000010000001000b0ffff39c00200000000', 'hex')] as [
					string,
					number,
					Buffer,
				],
			]
		: []),
];
for (const [title, codec, bytes] of bombs)
	test(`${title}: what is larger than the limit is refused`, () => {
		assert.throws(() => decompress(codec, bytes, limit), Unreadable);
	});

test('decompression that is malformed is said to be so', () => {
	for (const codec of [1, 2, 3, 5, 7])
		for (const bytes of [Buffer.alloc(0), Buffer.alloc(3), Buffer.alloc(200, 0xff)])
			assert.throws(() => decompress(codec, bytes, limit), Unreadable, `${codec}`);
});

test('the log keeps records exactly', () => {
	const record = {
		partition: 2 ** 31 - 1,
		offset: 2n ** 63n - 1n,
		timestamp: -(2n ** 63n),
		key: Uint8Array.of(0, 255),
		headers: [
			{ name: Uint8Array.of(97), value: undefined },
			{ name: new Uint8Array(), value: new Uint8Array(300) },
			{ name: Uint8Array.of(97), value: new Uint8Array() },
		],
	};
	assert.deepEqual(storedRecord(storeRecord(record)), record);
	assert.deepEqual(storedRecord(storeRecord({ ...record, key: undefined, headers: [] }))?.key, undefined);
	const bytes = storeRecord(record);
	for (let length = 0; length < bytes.length; length++)
		assert.equal(storedRecord(bytes.subarray(0, length)), undefined, `${length} bytes`);
	assert.equal(storedRecord({}), undefined);
});

test('bytes without a whole batch of the wanted offset are an error, since they would be fetched again without end', () => {
	const cut = batch(0n, texts('a')).subarray(0, -1);
	for (const [bytes, from] of [
		[cut, 0n],
		[batch(0n, texts('a')), 1n],
	] as const)
		assert.throws(() => read(bytes, { from }), RangeError);
	const both = Buffer.concat([batch(0n, texts('a')), cut]);
	assert.deepEqual(read(both).values, ['a']);
	assert.equal(read(Buffer.alloc(0), { from: 7n }).next, 7n);
});
