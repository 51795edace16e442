import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import type { Subscription } from '../../../src/model/profile/profile';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { headerText } from '../../../src/protocols/kafka/describe/header-values';
import { storedRecord } from '../../../src/protocols/kafka/describe/stored-record';
import { hasZstd } from '../../../src/protocols/kafka/wire/decompress';
import { eventually } from '../../support/run/eventually';
import { apiKeys } from '../../support/servers/kafka-mock/api-keys';
import { frameOf, startFrameRelay } from '../../support/servers/kafka-mock/frame-relay';
import { metadataVersion4 } from '../../support/servers/kafka-mock/metadata';
import { type KafkaMock, soundListOffsets, startKafkaMock } from '../../support/servers/kafka-mock/mock';
import { connect, isSentence, type Recorded, refused, resolved } from '../suite/attempt';

// The adapter with brokers and a client that share nothing with it: the mock cluster of librdkafka, and kcat.

const run = promisify(execFile);
const codecs = ['none', 'gzip', 'snappy', 'lz4', ...(hasZstd ? ['zstd'] : [])];
let mock: KafkaMock;

before(async () => {
	mock = await startKafkaMock(3);
});
after(() => mock.stop());

type Context = { after(end: () => unknown): void };

async function open(t: Context, values: Values = {}) {
	const found = await connect({ adapter, profile: resolved('kafka', `kafka://${mock.bootstrap}`, values) });
	t.after(() => found.link.destroy());
	return found;
}

const draft = (target: string, payload: Uint8Array | string, values: Values = {}) => ({
	...{ verb: 'produce', target, values },
	payload: Buffer.from(payload),
});
const reading = (target: string, fields: Partial<Subscription> = {}): Subscription => ({
	...{ target, mode: 'read', from: 'earliest' },
	...fields,
});
const texts = ({ messages }: Recorded) => messages.map(({ payload }) => payload.toString());

/** Writes one message a line. */
async function kcat(topic: string, lines: readonly string[], ...options: string[]): Promise<void> {
	const writing = run('kcat', ['-P', '-b', mock.brokers.join(','), '-t', topic, ...options]);
	writing.child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
	await writing;
}

interface Line {
	partition: number;
	offset: number;
	key: Buffer | undefined;
	value: Buffer | undefined;
	headers: string;
}

/** What librdkafka reads of a topic. */
async function read(topic: string): Promise<Line[]> {
	const format = '%p %o %K %S|%k%s%h\n';
	const { stdout } = await run(
		'kcat',
		['-C', '-b', mock.brokers.join(','), '-t', topic, '-o', 'beginning', '-e', '-q', '-f', format],
		{ encoding: 'buffer', maxBuffer: 1 << 26 },
	);
	const lines: Line[] = [];
	for (let at = 0; at < stdout.length; ) {
		const bar = stdout.indexOf('|', at);
		const [partition = 0, offset = 0, keyLength = 0, length = 0] = stdout
			.toString('latin1', at, bar)
			.split(' ')
			.map(Number);
		const bytes = (from: number, size: number) => (size < 0 ? undefined : stdout.subarray(from, from + size));
		const value = bar + 1 + Math.max(0, keyLength);
		const headers = value + Math.max(0, length);
		const end = stdout.indexOf('\n', headers);
		lines.push({
			...{ partition, offset, key: bytes(bar + 1, keyLength), value: bytes(value, length) },
			headers: stdout.toString('utf8', headers, end),
		});
		at = end + 1;
	}
	return lines;
}

test('states what the cluster says', async (t) => {
	const { link } = await open(t);
	const facts = Object.fromEntries(link.facts.map(({ label, value }) => [label, value]));
	assert.match(facts.Cluster ?? '', /^mockCluster/);
	assert.equal(facts.Brokers, '3');
	assert.equal(facts.Bootstrap, mock.bootstrap);
});

test('a cluster that names addresses which nobody reaches is explained', async (t) => {
	const ports = mock.brokers.map((broker) => Number(broker.split(':')[1]));
	const relay = await startFrameRelay(ports[0] ?? 0, {
		request: metadataVersion4.request,
		answer(api, frame) {
			const answer = metadataVersion4.answer(api, frame);
			if (api === apiKeys.Metadata)
				for (let at = 0; at + 4 <= answer.length; at++)
					if (ports.includes(answer.readInt32BE(at))) answer.writeInt32BE(1, at);
			return answer;
		},
	});
	t.after(() => relay.close());
	const { failure } = await refused({ adapter, profile: resolved('kafka', `kafka://127.0.0.1:${relay.port}`) });
	assert.equal(failure.code, 'advertised-unreachable');
	assert.match(failure.message, /was reached, but it names 127\.0\.0\.1:1 as the address of broker \d/);
	assert.ok(isSentence(failure.message), failure.message);
});

test('librdkafka reads key, headers and value of every codec byte for byte', async (t) => {
	await mock.createTopic('written');
	const { link } = await open(t);
	const bodies = [Buffer.alloc(0), Buffer.from('ä😀\n\0'), randomBytes(3000), Buffer.alloc(200_000, 'abc')];
	const sent: [key: Buffer, value: Buffer][] = [];
	for (const compression of codecs)
		for (const value of bodies) {
			const key = randomBytes(20);
			const { proof, text } = await link.send(
				draft('written', value, {
					compression,
					key: { format: 'hex', text: key.toString('hex') },
					headers: [
						['b', compression],
						['a', ''],
						['b', 'ä'],
					],
				}),
			);
			assert.equal(proof, 'acknowledged', text);
			assert.match(text, new RegExp(`^partition 0, offset ${sent.length}, `));
			sent.push([key, value]);
		}
	const tombstone = await link.send(draft('written', '', { tombstone: true, key: { format: 'text', text: 'k' } }));
	assert.equal(tombstone.proof, 'acknowledged');
	const lines = await read('written');
	assert.equal(lines.length, sent.length + 1);
	for (const [at, [key, value]] of sent.entries()) {
		assert.deepEqual(lines[at]?.key, key);
		assert.ok(lines[at]?.value?.equals(value), `value ${at}`);
		assert.equal(lines[at]?.headers, `b=${codecs[Math.floor(at / bodies.length)]},a=,b=ä`);
	}
	assert.equal(lines.at(-1)?.value, undefined, 'a tombstone');
});

test('keys choose the partition that librdkafka chooses with murmur2', async (t) => {
	await mock.createTopic('keyed', 7);
	const { link } = await open(t);
	const keys = ['a', 'key-1', 'ä😀', 'a longer key with more than four bytes', '21'];
	for (const key of keys) await link.send(draft('keyed', 'own', { key: { format: 'text', text: key } }));
	await kcat(
		'keyed',
		keys.map((key) => `${key}:kcat`),
		'-K',
		':',
		'-X',
		'topic.partitioner=murmur2_random',
	);
	const lines = await read('keyed');
	const places = (value: string) =>
		lines
			.filter((line) => line.value?.toString() === value)
			.map(({ key, partition }) => `${key} ${partition}`)
			.sort();
	assert.equal(places('own').length, keys.length);
	assert.deepEqual(places('own'), places('kcat'));
});

test('reads what librdkafka wrote: partitions, codecs, positions, and no group', async (t) => {
	await mock.createTopic('read', 4);
	const lines = (codec: string, partition: number) =>
		Array.from({ length: 50 }, (_, at) => `${codec} ${partition} ${at} ${'x'.repeat(at)}`);
	for (const codec of codecs)
		for (const partition of [0, 1, 2, 3])
			await kcat(
				'read',
				lines(codec, partition).map((line) => `${codec}:${line}`),
				...['-z', codec, '-p', String(partition), '-K', ':', '-H', `codec=${codec}`, '-H', 'empty='],
			);
	const of = (partition: number) => codecs.flatMap((codec) => lines(codec, partition));
	const all = [0, 1, 2, 3].map(of);
	const count = codecs.length * 50;
	const { link, recorded } = await open(t);
	await mock.calls();
	const cases: [title: string, fields: Partial<Subscription>, expected: string[]][] = [
		['everything', {}, all.flat()],
		['the newest', { from: '-10' }, all.flatMap((one) => one.slice(-10))],
		['from an offset', { from: '60', partitions: '1, 3' }, [...of(1).slice(60), ...of(3).slice(60)]],
		['up to an offset', { until: '7', partitions: '0' }, of(0).slice(0, 7)],
		['so many', { limit: 75, partitions: '2' }, of(2).slice(0, 75)],
		['nothing', { from: 'latest' }, []],
	];
	for (const [title, fields, expected] of cases) {
		recorded.messages.length = recorded.changes.length = 0;
		await link.subscribe?.(reading('read', { until: 'end', ...fields }));
		await eventually(`${title}: its end`, () => assert.ok(recorded.changes.some(({ finished }) => finished)));
		assert.deepEqual(texts(recorded).sort(), [...expected].sort(), title);
		for (const { payload, meta } of recorded.messages) {
			const record = storedRecord(meta);
			const [codec = '', partition, at] = payload.toString().split(' ');
			assert.equal(record?.partition, Number(partition));
			assert.equal(record?.offset, BigInt(codecs.indexOf(codec) * 50 + Number(at)), payload.toString());
			assert.equal(Buffer.from(record?.key ?? []).toString(), codec);
			assert.deepEqual(
				record?.headers.map(({ name, value }) => [Buffer.from(name).toString(), headerText(value)]),
				[
					['codec', codec],
					['empty', ''],
				],
			);
		}
	}
	recorded.messages.length = 0;
	await link.subscribe?.(reading('read', { from: 'latest' }));
	for (const partition of [3, 0]) await kcat('read', [`tail ${partition}`], '-p', String(partition));
	await eventually('the tail', () => assert.deepEqual(texts(recorded).sort(), ['tail 0', 'tail 3']));
	assert.deepEqual(
		recorded.messages.map(({ meta }) => storedRecord(meta)?.offset),
		[BigInt(count), BigInt(count)],
	);
	await link.unsubscribe?.(reading('read'));
	const calls = new Set(await mock.calls());
	for (const api of ['Fetch', 'ListOffsets', 'Produce']) assert.ok(calls.delete(api), `${api} is in the log of calls`);
	for (const api of ['ApiVersion', 'Metadata', 'InitProducerId']) calls.delete(api);
	assert.deepEqual([...calls], [], 'requests for groups');
});

test('follows a moved leader, with each message once', async (t) => {
	await mock.createTopic('moving', 1, 3);
	await mock.lead('moving', 0, 2);
	const { link, recorded } = await open(t);
	await link.subscribe?.(reading('moving'));
	const expected: string[] = [];
	for (const leader of [2, 3, 1]) {
		await mock.lead('moving', 0, leader);
		await kcat('moving', [`kcat ${leader}`]);
		const { proof, text } = await link.send(draft('moving', `own ${leader}`));
		assert.equal(proof, 'acknowledged', text);
		expected.push(`kcat ${leader}`, `own ${leader}`);
		await eventually(`received with leader ${leader}`, () => assert.deepEqual(texts(recorded), expected));
	}
	await mock.lead('moving', 0, -1);
	const leaderless = await link.send(draft('moving', 'nobody'));
	assert.equal(leaderless.proof, 'refused');
	assert.match(leaderless.text, /no leader at the moment/);
	await mock.lead('moving', 0, 3);
	await kcat('moving', ['again']);
	await eventually('received after the election', () => assert.deepEqual(texts(recorded), [...expected, 'again']));
});

test('a broker that goes down is named and read again when it is back', async (t) => {
	await mock.createTopic('down', 2);
	await mock.lead('down', 0, 2);
	await mock.lead('down', 1, 3);
	const { link, recorded } = await open(t);
	await link.subscribe?.(reading('down'));
	await kcat('down', ['0 before'], '-p', '0');
	await eventually('the first', () => assert.deepEqual(texts(recorded), ['0 before']));
	await mock.setUp(2, false);
	const note = await eventually('a note', () => {
		assert.ok(recorded.notes.length > 0);
		return String(recorded.notes[0]);
	});
	assert.match(note, /^Reading from broker 2 pauses: /);
	assert.ok(isSentence(note), note);
	const toDead = await link.send(draft('down', 'x', { partition: 0 }));
	assert.equal(toDead.proof, 'refused');
	assert.ok(isSentence(toDead.text) && toDead.text.includes(String(mock.brokers[1])), toDead.text);
	assert.equal((await link.send(draft('down', '1 own', { partition: 1 }))).proof, 'acknowledged');
	await eventually('the other broker', () => assert.deepEqual(texts(recorded), ['0 before', '1 own']));
	await mock.setUp(2, true);
	await kcat('down', ['0 after'], '-p', '0');
	await eventually('the third', () => assert.deepEqual(texts(recorded), ['0 before', '1 own', '0 after']));
	assert.deepEqual(recorded.notes.slice(1), ['Reading from broker 2 goes on.']);
	assert.equal((await link.send(draft('down', '0 own', { partition: 0 }))).proof, 'acknowledged');
});

/** Closes the connection instead of an answer (RD_KAFKA_RESP_ERR__TRANSPORT). */
const closes = -195;
const ofProduce: [code: number, proof: string, says: RegExp][] = [
	[2, 'refused', /CORRUPT_MESSAGE/],
	[10, 'refused', /^The message is larger than the topic "refusing" accepts\.$/],
	[17, 'refused', /does not accept the name/],
	[19, 'refused', /fewer replicas in sync/],
	[29, 'refused', /^This user may not do that with the topic "refusing"\.$/],
	[44, 'refused', /POLICY_VIOLATION/],
	[87, 'refused', /rejected the record/],
	[7, 'unknown', /may or may not be kept/],
	[20, 'unknown', /may or may not be kept/],
	[6, 'acknowledged', /offset 0/],
	[5, 'acknowledged', /offset 1/],
	[3, 'acknowledged', /offset 2/],
	[closes, 'unknown', /./],
	[0, 'acknowledged', /offset 3/],
];
test('an error that is the answer to Produce is told in a sentence, and the next message is sent', async (t) => {
	await mock.createTopic('refusing');
	await mock.lead('refusing', 0, 2);
	const { link } = await open(t);
	for (const [code, proof, says] of ofProduce) {
		if (code !== 0) await mock.fail('Produce', code);
		const receipt = await link.send(draft('refusing', String(code)));
		assert.equal(receipt.proof, proof, `${code}: ${receipt.text}`);
		assert.match(receipt.text, says);
		if (proof !== 'acknowledged') assert.ok(isSentence(receipt.text), receipt.text);
	}
	assert.deepEqual(
		(await read('refusing')).map(({ value }) => String(value)),
		ofProduce.filter(([, proof]) => proof === 'acknowledged').map(([code]) => String(code)),
	);
});

const ofFetch: [code: number, says: RegExp, times?: number][] = [
	[-1, /UNKNOWN/],
	[6, /no longer the leader/],
	[29, /^Reading from broker 2 pauses: This user may not do that with the topic "failing"\.$/, 2],
	[56, /KAFKA_STORAGE_ERROR/],
	[71, /FETCH_SESSION/],
	[closes, /closed the connection/, 2],
];
for (const [code, says, times = 1] of ofFetch)
	test(`the error ${code} as the answer to Fetch is told in a sentence, and reading goes on`, async (t) => {
		const topic = 'failing';
		await mock.lead(topic, 0, 2);
		const { link, recorded } = await open(t);
		await link.subscribe?.(reading(topic, { from: 'latest', partitions: '0' }));
		await mock.fail('Fetch', ...Array.from({ length: times }, () => code));
		await kcat(topic, [`after ${code}`], '-p', '0');
		await eventually('received', () => assert.deepEqual(texts(recorded), [`after ${code}`]));
		for (const note of recorded.notes) assert.ok(isSentence(note), note);
		assert.match(recorded.notes[0] ?? '', says);
		assert.deepEqual(recorded.notes.slice(1), ['Reading from broker 2 goes on.'], 'said once');
		assert.deepEqual(recorded.changes, []);
	});

test('a topic that the cluster refuses is told in a sentence, for reading and producing', async (t) => {
	const { link } = await open(t);
	for (const [code, says] of [
		[3, /^There is no topic "denied"\.$/],
		[17, /does not accept the name/],
		[29, /^This user may not do that with the topic "denied"\.$/],
		[5, /has no leader/],
	] as const) {
		await mock.createTopic('denied').catch(() => {});
		await mock.setTopicError('denied', code);
		await assert.rejects(
			async () => link.subscribe?.(reading('denied')),
			(error: unknown) => error instanceof FailureError && says.test(error.failure.message),
		);
		const receipt = await link.send(draft('denied', 'x'));
		assert.equal(receipt.proof, 'refused');
		assert.match(receipt.text, says);
	}
});

test('a partition that the answer leaves out is never taken for an empty one', async (t) => {
	await mock.createTopic('left-out', 2);
	for (const partition of [0, 1]) await mock.lead('left-out', partition, 2);
	await kcat('left-out', ['x'], '-p', '1');
	await mock.limitVersion('ListOffsets', soundListOffsets + 1);
	t.after(() => mock.limitVersion('ListOffsets', soundListOffsets));
	const { link } = await open(t);
	await assert.rejects(
		async () => link.subscribe?.(reading('left-out', { until: 'end' })),
		(error: unknown) =>
			error instanceof FailureError &&
			error.failure.message === 'The broker did not say which offsets partition 1 of the topic "left-out" has.',
	);
});

test('an answer to Produce that names no partition proves nothing', async (t) => {
	await mock.createTopic('unnamed');
	await mock.lead('unnamed', 0, 2);
	const broker = String(mock.brokers[1]);
	const relay = await startFrameRelay(Number(broker.split(':')[1]), {
		// No topics, and the throttle time.
		answer: (api, frame) => (api === apiKeys.Produce ? frameOf(frame.subarray(4, 8), Buffer.alloc(8)) : frame),
	});
	t.after(() => relay.close());
	const { link } = await open(t, { hosts: [[broker, `127.0.0.1:${relay.port}`]] });
	const { proof, text } = await link.send(draft('unnamed', 'x'));
	assert.equal(text, 'The broker sent an answer that cannot be read: it may or may not be kept.');
	assert.equal(proof, 'unknown');
	assert.equal((await read('unnamed')).length, 1);
});

test('the end of the bootstrap broker ends the link, and the next attempt says why it failed', async (t) => {
	const { link } = await open(t);
	await mock.setUp(1, false);
	const failure = await link.ended;
	assert.ok(failure && isSentence(failure.message), JSON.stringify(failure));
	const again = await refused({ adapter, profile: resolved('kafka', `kafka://${mock.brokers[0]}`) });
	assert.ok(isSentence(again.failure.message), again.failure.message);
	await mock.setUp(1, true);
	await open(t);
});
