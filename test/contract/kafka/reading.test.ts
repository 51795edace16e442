import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { FailureError } from '../../../src/base/failure';
import type { Subscription } from '../../../src/model/profile/profile';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { isTombstone, kafkaFlag } from '../../../src/protocols/kafka/describe/flags';
import { headerText } from '../../../src/protocols/kafka/describe/header-values';
import { storedRecord } from '../../../src/protocols/kafka/describe/stored-record';
import { hasZstd } from '../../../src/protocols/kafka/wire/decompress';
import { eventually } from '../../support/run/eventually';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { connect, type Recorded, resolved } from '../suite/attempt';

const run = promisify(execFile);
/** An offset that a double cannot hold. */
const huge = 9_007_199_254_740_993n;
let broker: KafkaBroker;

before(async () => {
	broker = await startKafkaBroker({
		brokers: 2,
		topics: {
			numbers: { partitions: 2, firstOffset: String(huge) },
			...Object.fromEntries(['codecs', 'kinds', 'money', 'bombs', 'holes', 'gone', 'cut'].map((name) => [name, {}])),
			moving: { replication: 2 },
		},
	});
	for (const partition of [0, 1])
		await broker.produce({
			topic: 'numbers',
			partition,
			records: Array.from({ length: 10 }, (_, at) => ({
				value: `${partition}-${at}`,
				timestamp: BigInt(1000 * (at + 1)),
			})),
		});
});
after(() => broker.stop());

const open = (memory?: Map<string, unknown>) =>
	connect({ adapter, profile: resolved('kafka', `kafka://${broker.address}`), ...(memory && { memory }) });

const withLimit = () => resolved('kafka', `kafka://${broker.address}`, { maxMessageBytes: 1 << 20 });

/** Reads a topic to its end. */
async function read(target: string, fields: Partial<Subscription> = {}): Promise<Recorded> {
	const { link, recorded } = await open();
	await link.subscribe?.({ target, mode: 'read', from: 'earliest', until: 'end', ...fields });
	await eventually('it has come to its end', () => assert.ok(recorded.changes.some(({ finished }) => finished)));
	await link.close();
	return recorded;
}

const texts = ({ messages }: Recorded) => messages.map(({ payload }) => payload.toString());
const all = (partition: number, from = 0, to = 10) =>
	Array.from({ length: to - from }, (_, at) => `${partition}-${from + at}`);

const ranges: [title: string, fields: Partial<Subscription>, expected: string[]][] = [
	['from the first to the last', {}, [...all(0), ...all(1)]],
	['the newest of each partition', { from: '-3' }, [...all(0, 7), ...all(1, 7)]],
	['more than there are', { from: '-1000' }, [...all(0), ...all(1)]],
	['one partition', { partitions: '1' }, all(1)],
	['from an offset that a double cannot hold', { from: String(huge + 8n), partitions: '0' }, all(0, 8)],
	['up to an offset', { until: String(huge + 2n) }, [...all(0, 0, 2), ...all(1, 0, 2)]],
	['from a time', { from: '1970-01-01T00:00:09Z', partitions: '0' }, all(0, 8)],
	['up to a time', { until: '1970-01-01T00:00:03Z', partitions: '0' }, all(0, 0, 2)],
	['at most so many', { limit: 4, partitions: '1' }, all(1, 0, 4)],
	['after everything', { from: 'latest' }, []],
];

for (const [title, fields, expected] of ranges)
	test(`reads ${title}`, async () => {
		const recorded = await read('numbers', fields);
		assert.deepEqual(texts(recorded).sort(), [...expected].sort());
		const records = recorded.messages.map(({ meta }) => storedRecord(meta));
		for (const [at, record] of records.entries())
			assert.equal(record?.offset, huge + BigInt(texts(recorded)[at]?.slice(2) ?? 0), 'its offset is exact');
		assert.match(recorded.changes.at(-1)?.finished ?? '', new RegExp(`: ${expected.length} messages?\\.$`));
	});

test('begins where the partition begins, and says so, if the offset is gone', async () => {
	const recorded = await read('numbers', { from: '5', partitions: '0' });
	assert.deepEqual(texts(recorded), all(0));
	assert.match(
		recorded.notes.join(),
		/has the offsets 9007199254740993 to 9007199254741002: it is read from 9007199254740993 on/,
	);
});

test('joins no group and commits nothing', async () => {
	await broker.calls();
	await read('numbers');
	const calls = new Set((await broker.calls()).map(({ api }) => api));
	for (const api of ['FindCoordinator', 'JoinGroup', 'SyncGroup', 'Heartbeat', 'OffsetCommit'])
		assert.ok(!calls.has(api), `${api} was sent`);
	assert.deepEqual(Object.keys((await broker.state()).groups), []);
});

test('reads every codec, as librdkafka writes it', async () => {
	const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
	for (const codec of codecs) {
		const writing = run('kcat', ['-P', '-b', broker.address, '-t', 'codecs', '-z', codec, '-K', ':']);
		writing.child.stdin?.end(
			Array.from({ length: 200 }, (_, at) => `${codec}:${codec} ${at} ${'x'.repeat(100)}\n`).join(''),
		);
		await writing;
	}
	const recorded = await read('codecs');
	for (const codec of codecs) {
		const got = recorded.messages.filter(({ meta }) => Buffer.from(storedRecord(meta)?.key ?? []).toString() === codec);
		if (codec === 'zstd' && !hasZstd)
			assert.match(recorded.notes.join(), /compressed with zstd, which needs Node 22\.15/);
		else assert.equal(got.length, 200, codec);
		got.forEach(({ payload }, at) => {
			assert.equal(payload.toString(), `${codec} ${at} ${'x'.repeat(100)}`);
		});
	}
});

test('keeps null, empty and binary keys, values and headers apart', async () => {
	const binary = Uint8Array.of(0, 255, 10);
	await broker.produce({
		topic: 'kinds',
		records: [
			{ key: null, value: null, timestamp: -1n },
			{ key: '', value: '', timestamp: 2n ** 62n },
			{
				key: binary,
				value: binary,
				headers: [
					['a', binary],
					['a', null],
					['', ''],
					['a', '(null)'],
				],
			},
		],
	});
	const { messages } = await read('kinds');
	const records = messages.map(({ meta }) => storedRecord(meta));
	assert.deepEqual(
		messages.map(({ flags }) => isTombstone(flags)),
		[true, false, false],
	);
	assert.deepEqual(
		records.map((one) => one?.key && [...one.key]),
		[undefined, [], [...binary]],
	);
	assert.deepEqual(
		records.slice(0, 2).map((one) => one?.timestamp),
		[-1n, 2n ** 62n],
	);
	assert.deepEqual(
		records[2]?.headers.map(({ name, value }) => [Buffer.from(name).toString(), headerText(value)]),
		[
			['a', '(bytes) 00ff0a'],
			['a', '(null)'],
			['', ''],
			['a', '(text) (null)'],
		],
	);
	assert.deepEqual([...(messages[2]?.payload ?? [])], [...binary]);
});

test('leaves out aborted transactions unless everything is wanted', async () => {
	const write = (value: string, producerId: bigint) =>
		broker.produce({ topic: 'money', records: [{ value }], transactional: { producerId, epoch: 0 } });
	await write('aborted', 1n);
	await write('committed', 2n);
	await broker.endTransaction({ topic: 'money', producerId: 1n, epoch: 0, commit: false });
	await broker.endTransaction({ topic: 'money', producerId: 2n, epoch: 0, commit: true });
	await broker.produce({ topic: 'money', records: [{ value: 'plain' }] });
	await write('open', 3n);
	assert.deepEqual(texts(await read('money')), ['committed', 'plain']);
	const everything = await read('money', { isolation: 'read_uncommitted' });
	assert.deepEqual(texts(everything), ['aborted', 'committed', 'plain', 'open']);
	assert.deepEqual(
		everything.messages.map(({ flags }) => (flags & kafkaFlag.transactional) !== 0),
		[true, true, false, true],
	);
});

test('skips a batch that grows beyond the limit, and reads on behind it', async () => {
	await broker.produce({ topic: 'bombs', records: [{ value: 'before' }] });
	await broker.bomb({ topic: 'bombs', bytes: 80 << 20 });
	await broker.produce({ topic: 'bombs', records: [{ value: 'behind' }] });
	const recorded = await read('bombs');
	assert.deepEqual(texts(recorded), ['before', 'behind']);
	assert.match(
		recorded.notes.join(),
		/The message at offset 1 of bombs, partition 0, cannot be read: it has more than 33,554,432 bytes when it is decompressed\./,
	);
});

test('reads past the holes of a compacted topic', async () => {
	await broker.produce({
		topic: 'holes',
		records: [
			{ key: 'a', value: 'x', offsetDelta: 3 },
			{ key: 'b', value: 'y', offsetDelta: 7 },
		],
	});
	const { messages } = await read('holes');
	assert.deepEqual(
		messages.map(({ meta }) => storedRecord(meta)?.offset),
		[3n, 7n],
	);
});

test('goes on with the next connection where it was', async () => {
	const memory = new Map<string, unknown>();
	const wanted = { target: 'cut', mode: 'read', from: 'earliest' };
	const first = await open(memory);
	await first.link.subscribe?.(wanted);
	await broker.produce({ topic: 'cut', records: [{ value: '0' }, { value: '1' }] });
	await eventually('received', () => assert.deepEqual(texts(first.recorded), ['0', '1']));
	await broker.fault({ api: 'ApiVersions', kind: 'close', times: 1 });
	await broker.fault({ api: 'Metadata', kind: 'close', times: 1 });
	await first.link.browse?.('brokers', 0, 10).catch(() => {});
	assert.ok(await first.link.ended);
	await broker.clearFaults();
	await broker.produce({ topic: 'cut', records: [{ value: '2' }] });
	const second = await open(memory);
	await second.link.subscribe?.(wanted);
	await eventually('received', () => assert.deepEqual(texts(second.recorded), ['2']));
	// Ended by the user, it begins anew.
	await second.link.unsubscribe?.(wanted);
	await second.link.subscribe?.(wanted);
	await eventually('received', () => assert.deepEqual(texts(second.recorded), ['2', '0', '1', '2']));
	await second.link.close();
});

test('follows a partition to its new leader', async () => {
	const { link, recorded } = await open();
	await link.subscribe?.({ target: 'moving', mode: 'read', from: 'earliest' });
	await broker.produce({ topic: 'moving', records: [{ value: 'a' }] });
	await eventually('received', () => assert.deepEqual(texts(recorded), ['a']));
	const leader = (await broker.state()).topics.moving?.partitions[0]?.leader;
	await broker.lead({ topic: 'moving', partition: 0, broker: leader === 1 ? 2 : 1 });
	await broker.produce({ topic: 'moving', records: [{ value: 'b' }] });
	await eventually('received', () => assert.deepEqual(texts(recorded), ['a', 'b']));
	await link.close();
});

test('ends a reading whose topic was deleted', async () => {
	const { link, recorded } = await open();
	await link.subscribe?.({ target: 'gone', mode: 'read', from: 'latest' });
	await broker.deleteTopic('gone');
	await eventually('it has ended', () => assert.match(recorded.changes[0]?.failure?.code ?? '', /^unknown-/));
	await link.close();
});

const refusals: [title: string, fields: Partial<Subscription>, expected: RegExp][] = [
	['a topic that is not there', { target: 'nowhere' }, /There is no topic "nowhere"/],
	['a partition that is not there', { partitions: '7' }, /has no partition 7; it has 2/],
	['a start that means nothing', { from: 'yesterday' }, /"From" is none of these/],
	['an end that means nothing', { until: '-5' }, /"Until" is none of these/],
	['partitions that mean nothing', { partitions: 'x' }, /"Partitions" is none of these/],
];
for (const [title, fields, expected] of refusals)
	test(`refuses ${title}`, async () => {
		const { link } = await open();
		await assert.rejects(
			async () => link.subscribe?.({ target: 'numbers', mode: 'read', ...fields }),
			(error: unknown) => error instanceof FailureError && expected.test(error.failure.message),
		);
		await link.close();
		assert.ok(!Object.keys((await broker.state()).topics).includes('nowhere'), 'no topic was created');
	});

test('passes over messages that are larger than the connection accepts, with offset and both numbers', async () => {
	await broker.createTopic('large', { partitions: 2, configs: { 'max.message.bytes': '10000000' } });
	const produce = (...values: (string | Buffer)[]) =>
		broker.produce({ topic: 'large', partition: 1, records: values.map((value) => ({ value })) });
	const large = Buffer.alloc(3 << 20);
	await produce('before');
	await produce(large);
	await produce('between');
	await produce('small', large);
	await produce('behind');
	const { link, recorded } = await connect({ adapter, profile: withLimit() });
	await link.subscribe?.({ target: 'large', mode: 'read', from: 'earliest', until: 'end' });
	await eventually('its end', () => assert.ok(recorded.changes[0]?.finished));
	assert.deepEqual(texts(recorded), ['before', 'between', 'behind']);
	const tooLarge = 'the batch has 3,145,8\\d\\d bytes, and messages of 1,048,576 are accepted';
	assert.match(recorded.notes[0] ?? '', new RegExp(`^The message at offset 1 of large, partition 1, .*${tooLarge}`));
	assert.match(recorded.notes[1] ?? '', new RegExp(`^The messages at the offsets 3 to 4 of large, .*${tooLarge}`));
	assert.equal(recorded.notes.length, 2, recorded.notes.join());
	await link.close();
});

test('a member of a group commits nothing behind a message that is too large', async () => {
	const { link, recorded } = await connect({ adapter, profile: withLimit() });
	await link.subscribe?.({ target: 'large', mode: 'group', group: 'careful', initial: 'earliest' });
	await eventually('its end', () => assert.equal(recorded.changes.at(-1)?.failure?.code, 'unreadable-message'));
	assert.match(recorded.changes.at(-1)?.failure?.message ?? '', /^The message at offset 1 of large, partition 1/);
	await eventually('it has left', async () => {
		const { careful } = (await broker.state()).groups;
		assert.equal(careful?.members, 0);
		for (const { partition, offset } of careful?.offsets ?? [])
			assert.ok(partition === 0 || offset <= 1n, String(offset));
	});
	await link.close();
});
