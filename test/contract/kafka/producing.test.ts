import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { hasZstd } from '../../../src/protocols/kafka/wire/decompress';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { connect, resolved, type TestLink } from '../suite/attempt';

const run = promisify(execFile);
let broker: KafkaBroker;
let link: TestLink;

before(async () => {
	broker = await startKafkaBroker({
		brokers: 2,
		topics: {
			...{ codecs: {}, kinds: {}, keys: { partitions: 7 }, small: { configs: { 'max.message.bytes': '500' } } },
			acks: {},
			led: { replication: 2 },
		},
	});
	({ link } = await connect({ adapter, profile: resolved('kafka', `kafka://${broker.address}`) }));
});
after(async () => {
	await link.close();
	await broker.stop();
});

const send = (target: string, text: string, values: Values = {}) =>
	link.send({ verb: 'produce', target, values, payload: Buffer.from(text) });

/** What librdkafka reads, one line a message. */
async function kcat(topic: string, format: string): Promise<string[]> {
	const { stdout } = await run('kcat', ['-C', '-b', broker.address, '-t', topic, '-e', '-q', '-f', `${format}\n`]);
	return stdout.split('\n').slice(0, -1);
}

test('the receipt names partition and offset', async () => {
	const receipts = [await send('keys', 'a', { partition: 3 }), await send('keys', 'b', { partition: 3 })];
	for (const [at, { proof, text }] of receipts.entries()) {
		assert.equal(proof, 'acknowledged');
		assert.match(text, new RegExp(`^partition 3, offset ${at}, acknowledged by all replicas in sync in [\\d.]+ ms$`));
	}
});

test('librdkafka reads every codec', async () => {
	const codecs = ['none', 'gzip', 'snappy', 'lz4', ...(hasZstd ? ['zstd'] : [])];
	for (const compression of codecs)
		assert.equal((await send('codecs', `${compression} ${'x'.repeat(2000)}`, { compression })).proof, 'acknowledged');
	assert.deepEqual(
		await kcat('codecs', '%s'),
		codecs.map((codec) => `${codec} ${'x'.repeat(2000)}`),
	);
	if (!hasZstd)
		await assert.rejects(send('codecs', 'x', { compression: 'zstd' }), (error: unknown) =>
			/Node 22\.15/.test((error as FailureError).failure.message),
		);
});

test('keys choose the partition as the Java client does', async () => {
	const keys = ['', 'a', 'key-1', 'ä😀', 'a longer key with more than four bytes', '21', 'foobar'];
	for (const key of keys) await send('keys', 'keyed', { key: { format: 'text', text: key } });
	for (const key of keys) {
		const writing = run('kcat', [
			'-P',
			'-b',
			broker.address,
			'-t',
			'keys',
			'-X',
			'topic.partitioner=murmur2',
			'-k',
			key,
		]);
		writing.child.stdin?.end('by kcat\n');
		await writing;
	}
	const lines = await kcat('keys', '%s|%k|%p');
	for (const key of keys.filter((one) => one !== '')) {
		const own = lines.find((line) => line.startsWith(`keyed|${key}|`))?.split('|')[2];
		const other = lines.find((line) => line.startsWith(`by kcat|${key}|`))?.split('|')[2];
		assert.equal(own, other, key);
	}
});

test('keeps keys, headers, timestamps and tombstones', async () => {
	const headers: [string, string][] = [
		['a', '1'],
		['b', '(bytes) 00ff'],
		['a', '(null)'],
	];
	const key = { format: 'hex', text: '00ff' } as const;
	await send('kinds', 'value', { key, headers, timestamp: '2026-01-31T12:00:00Z' });
	await send('kinds', '', { key, tombstone: true, timestamp: '5' });
	await send('kinds', '');
	const [first, second, third] = await broker.records('kinds');
	assert.deepEqual(
		[first?.key, second?.key, third?.key].map((one) => one && [...one]),
		[[0, 255], [0, 255], null],
	);
	assert.deepEqual([first?.value?.length, second?.value, third?.value?.length], [5, null, 0]);
	assert.deepEqual([first?.timestamp, second?.timestamp], [1769860800000n, 5n]);
	assert.match((await kcat('kinds', '%h'))[0] ?? '', /^a=1,b=.*,a=NULL$/);
});

test('refuses what the topic does not accept, with both numbers', async () => {
	const first = await send('small', 'x'.repeat(600));
	assert.equal(first.proof, 'refused');
	assert.match(
		first.text,
		/^The message has about 6\d\d bytes; the topic "small" accepts 500 \("max\.message\.bytes"\)\.$/,
	);
	// Known from then on, so that nothing is sent.
	await broker.calls();
	await assert.rejects(send('small', 'x'.repeat(600)), FailureError);
	assert.deepEqual(
		(await broker.calls()).filter(({ api }) => api === 'Produce'),
		[],
	);
	assert.equal((await send('small', 'x')).proof, 'acknowledged');
});

test('claims no more than what was proven', async () => {
	assert.equal((await send('acks', 'x', { acks: '0' })).proof, 'handed-over');
	assert.match((await send('acks', 'x', { acks: '1' })).text, /acknowledged by the leader/);
	await broker.fault({ api: 'Produce', kind: 'error', code: 7, times: 1 });
	assert.equal((await send('acks', 'x')).proof, 'unknown', 'REQUEST_TIMED_OUT');
	await broker.fault({ api: 'Produce', kind: 'error', code: 29, times: 1 });
	const refused = await send('acks', 'x');
	assert.equal(refused.proof, 'refused', 'TOPIC_AUTHORIZATION_FAILED');
	assert.match(refused.text, /This user may not do that with the topic "acks"/);
});

test('does not create a topic', async () => {
	const { proof, text } = await send('missing', 'x');
	assert.equal(proof, 'refused');
	assert.match(text, /There is no topic "missing"/);
	assert.ok(!Object.keys((await broker.state()).topics).includes('missing'));
});

test('finds the new leader after one refusal', async () => {
	await send('led', 'a');
	const leader = (await broker.state()).topics.led?.partitions[0]?.leader;
	await broker.lead({ topic: 'led', partition: 0, broker: leader === 1 ? 2 : 1 });
	const receipts = [await send('led', 'b'), await send('led', 'c')];
	assert.equal(receipts.at(-1)?.proof, 'acknowledged', JSON.stringify(receipts));
});

const bad: [title: string, values: Values, expected: RegExp][] = [
	['a tombstone with a payload', { tombstone: true }, /A tombstone has no payload/],
	['a header that is no value of its type', { headers: [['a', '(bytes) 0']] }, /The header "a" is not a valid value/],
	['a timestamp that means nothing', { timestamp: 'soon' }, /The timestamp is neither/],
];
for (const [title, values, expected] of bad)
	test(`refuses ${title} before anything is sent`, async () => {
		await broker.calls();
		await assert.rejects(send('kinds', 'x', values), (error: unknown) =>
			expected.test((error as FailureError).failure.message),
		);
		assert.deepEqual(await broker.calls(), []);
	});
