import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type Failure, FailureError } from '../../../src/base/failure';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { eventually } from '../../support/run/eventually';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { connect, resolved, type TestLink } from '../suite/attempt';

// Actions against two brokers, so that leaders, coordinators and the controller differ; kcat and kafkajs look at the results.

const run = promisify(execFile);
let broker: KafkaBroker;
let link: TestLink;
let admin: Admin;
const folder = mkdtempSync(join(tmpdir(), 'kafka-actions-'));

before(async () => {
	broker = await startKafkaBroker({ brokers: 2 });
	({ link } = await connect({ adapter, profile: resolved('kafka', `kafka://${broker.address}`) }));
	admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 1 } }).admin();
	await admin.connect();
});
after(async () => {
	link?.destroy();
	await admin?.disconnect();
	await broker?.stop();
	rmSync(folder, { recursive: true });
});

const request = (action: string, node: string | undefined, values: Values) => ({
	...{ id: action, action, node, values },
});

async function ask(action: string, node: string, values: Values = {}): Promise<string> {
	const question = await link.ask?.({ kind: 'act', request: request(action, node, values) });
	return question ? `${question.text}\n${question.detail}` : 'no question';
}

function act(action: string, node?: string, values: Values = {}, signal = new AbortController().signal) {
	const progress: string[] = [];
	const doing = link.act?.({
		...{ action, node, values, messages: [], signal },
		progress: (text) => progress.push(text),
	});
	assert.ok(doing);
	return doing.then((result) => ({ ...result, progress }));
}

async function failure(doing: Promise<unknown>): Promise<Failure> {
	try {
		await doing;
	} catch (error) {
		if (error instanceof FailureError) return error.failure;
		throw error;
	}
	throw new Error('It did not fail.');
}

async function kcat(...args: string[]): Promise<string> {
	const { stdout } = await run('kcat', ['-b', broker.address, ...args], { timeout: 60_000 });
	return stdout;
}

/** `count` messages in each partition, a second apart. */
async function fill(topic: string, partitions: number, count: number, firstOffset?: string): Promise<void> {
	await broker.createTopic(topic, { partitions, firstOffset });
	for (let partition = 0; partition < partitions; partition++) {
		const records = Array.from({ length: count }, (_, index) => ({
			value: `${partition}-${index}`,
			timestamp: 1_700_000_000_000n + BigInt(index) * 1000n,
		}));
		for (const record of records) await broker.produce({ topic, partition, records: [record] });
	}
}

const offsetsOf = async (group: string) =>
	((await broker.state()).groups[group]?.offsets ?? [])
		.map(({ topic, partition, offset }) => `${topic} ${partition}: ${offset}`)
		.sort();

test('a topic is created with its configuration, and its name is checked', async () => {
	const values: Values = { name: 'made', partitions: 3, replicas: 2, configuration: [['cleanup.policy', 'compact']] };
	assert.equal((await act('create-topic', undefined, values)).text, 'Created the topic "made" with 3 partitions.');
	assert.match(await kcat('-L', '-t', 'made'), /topic "made" with 3 partitions:\n.*replicas: 1,2/);
	assert.equal((await broker.state()).topics.made?.configs['cleanup.policy'], 'compact');
	assert.match((await act('create-topic', undefined, { name: 'default' })).text, /with 1 partition\./);
	const codes = [];
	for (const wrong of [
		{ name: 'made' },
		{ name: 'a b' },
		{ name: 'x', replicas: 3 },
		{ name: 'y', configuration: [['nonsense', '1']] as [string, string][] },
	])
		codes.push((await failure(act('create-topic', undefined, wrong))).evidence?.split(':')[0]);
	assert.deepEqual(codes, ['TOPIC_ALREADY_EXISTS', undefined, 'INVALID_REPLICATION_FACTOR', 'INVALID_CONFIG']);
});

test('partitions are added after a question with both numbers, never reduced', async () => {
	await broker.createTopic('grows', { partitions: 2 });
	assert.match(await ask('add-partitions', 'topic:grows', { count: 5 }), /from 2 to 5\?\n.*same key may go to another/);
	assert.equal((await failure(ask('add-partitions', 'topic:grows', { count: 2 }))).field, 'count');
	await act('add-partitions', 'topic:grows', { count: 5 });
	assert.match(await kcat('-L', '-t', 'grows'), /with 5 partitions/);
});

test('the configuration is shown as a document, changed with the old value in the question, and returned to their default', async () => {
	await broker.createTopic('set', { configs: { 'retention.ms': '1000' } });
	const shown = await act('show-configuration', 'topic:set');
	assert.match(shown.document?.text ?? '', /### Changed\n\n# .*\nretention\.ms = 1000\n\n### Defaults\n/);
	assert.match((await act('show-configuration', 'broker:2')).document?.text ?? '', /num\.partitions = 1/);
	const change = { property: 'retention.ms', value: '5000' };
	assert.match(await ask('change-configuration', 'topic:set', change), /From 1000 to 5000\. It decides which messages/);
	assert.equal(
		(await act('change-configuration', 'topic:set', change)).text,
		'"retention.ms" of the topic "set" is 5000 now.',
	);
	assert.deepEqual((await broker.state()).topics.set?.configs, { 'retention.ms': '5000' });
	assert.match(
		await ask('change-configuration', 'topic:set', { property: 'retention.ms' }),
		/to the default of the cluster/,
	);
	await act('change-configuration', 'topic:set', { property: 'retention.ms' });
	assert.deepEqual((await broker.state()).topics.set?.configs, {});
	assert.equal((await failure(ask('change-configuration', 'topic:set', { property: 'nonsense' }))).field, 'property');
	const wrong = await failure(act('change-configuration', 'topic:set', { property: 'retention.ms', value: 'soon' }));
	assert.match(wrong.evidence ?? '', /INVALID_CONFIG/);
});

test('a topic is deleted after a question with the number of its messages', async () => {
	await fill('gone', 2, 3);
	assert.match(await ask('delete-topic', 'topic:gone'), /Its 2 partitions with up to 6 messages are deleted/);
	await act('delete-topic', 'topic:gone');
	assert.ok(!(await admin.listTopics()).includes('gone'));
	assert.equal((await failure(ask('delete-topic', 'topic:gone'))).code, 'unknown-topic');
});

test('messages are deleted before an offset, a time and the end, with a line for each partition', async () => {
	await fill('cut', 2, 4);
	const low = async () =>
		(await admin.fetchTopicOffsets('cut')).sort((a, b) => a.partition - b.partition).map((one) => one.low);
	const before = { before: '1' };
	assert.match(
		await ask('delete-records', 'partition:cut:1', before),
		/up to 1 message of .*\n.*\n\npartition 1: offsets 0 to 0 \(1\), 3 are kept$/,
	);
	await act('delete-records', 'partition:cut:1', before);
	assert.deepEqual(await low(), ['0', '1']);
	await act('delete-records', 'topic:cut', { before: '2023-11-14T22:13:22Z' });
	assert.deepEqual(await low(), ['2', '2']);
	const all = await act('delete-records', 'topic:cut', { before: 'end' });
	assert.equal(all.text, 'Deleted up to 4 messages in 2 partitions of the topic "cut".');
	assert.deepEqual(await low(), ['4', '4']);
	assert.equal((await failure(ask('delete-records', 'topic:cut', before))).code, 'nothing-to-do');
});

const resets: { to: string; value?: string; rows: string[] }[] = [
	{ to: 'earliest', rows: ['reset 0: 0', 'reset 1: 0'] },
	{ to: 'latest', rows: ['reset 0: 5', 'reset 1: 5'] },
	{ to: 'time', value: '2023-11-14T22:13:22Z', rows: ['reset 0: 2', 'reset 1: 2'] },
	{ to: 'time', value: '2033-01-01T00:00:00Z', rows: ['reset 0: 5', 'reset 1: 5'] },
	{ to: 'offset', value: '4', rows: ['reset 0: 4', 'reset 1: 4'] },
	{ to: 'offset', value: '99', rows: ['reset 0: 5', 'reset 1: 5'] },
	{ to: 'shift', value: '-2', rows: ['reset 0: 1', 'reset 1: 0'] },
	{ to: 'shift', value: '+1', rows: ['reset 0: 4', 'reset 1: 3'] },
];

test('offsets of a group are reset in each way, and a consumer continues from there', async (t) => {
	await fill('reset', 2, 5);
	const start = [3n, 2n];
	for (const { to, value, rows } of resets) {
		await t.test([to, value].filter(Boolean).join(' '), async () => {
			await broker.commit({ group: 'workers', topic: 'reset', offsets: start });
			const values: Values = { to, ...(value !== undefined && { value }) };
			const question = await ask('reset-offsets', 'group:workers', values);
			for (const [index, row] of rows.entries()) {
				const [name, next] = row.split(': ');
				assert.match(question, new RegExp(`^${name}: ${start[index]} → ${next} \\(`, 'm'));
			}
			await act('reset-offsets', 'group:workers', values);
			assert.deepEqual(await offsetsOf('workers'), rows);
		});
	}
	assert.match(
		await ask('reset-offsets', 'group:workers', { to: 'offset', value: '99', partitions: '0' }),
		/About 1 message will be skipped\.\n\nreset 0: 4 → 5 \(\+1\), nearest to 99$/,
	);
	await act('reset-offsets', 'group:workers', { to: 'offset', value: '3' });
	assert.equal(await kcat('-G', 'workers', '-e', '-q', '-f', '%p %o\n', 'reset').then(sorted), '0 3\n0 4\n1 3\n1 4');
});

const sorted = (text: string) => text.trim().split('\n').sort().join('\n');

test('offsets beyond 2^53 are exact, and a topic without committed offsets can be named', async () => {
	await fill('huge', 1, 3, '9007199254740993');
	const values: Values = { topics: 'huge', to: 'shift', value: '1' };
	assert.equal((await failure(ask('reset-offsets', 'group:exact', values))).code, 'nothing-to-do');
	await act('reset-offsets', 'group:exact', { topics: 'huge', to: 'earliest' });
	assert.deepEqual(await offsetsOf('exact'), ['huge 0: 9007199254740993']);
	const { properties } = await act('reset-offsets', 'group:exact', values);
	assert.deepEqual(properties, [{ label: 'huge 0', value: '9007199254740993 → 9007199254740994 (+1)' }]);
	assert.deepEqual(await offsetsOf('exact'), ['huge 0: 9007199254740994']);
});

test('offsets of a group with members are neither reset nor deleted', async (t) => {
	await fill('busy', 1, 2);
	const consumer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).consumer({
		...{ groupId: 'running', maxWaitTimeInMs: 100, heartbeatInterval: 200 },
	});
	t.after(() => consumer.disconnect());
	await consumer.connect();
	await consumer.subscribe({ topic: 'busy', fromBeginning: true });
	await consumer.run({ eachMessage: async () => {} });
	await eventually('a member', async () => assert.equal((await broker.state()).groups.running?.state, 'Stable'));
	for (const action of ['reset-offsets', 'delete-offsets', 'delete-group']) {
		const { code, message } = await failure(ask(action, 'group:running'));
		assert.equal(code, 'group-has-members', action);
		assert.match(message, /"running" has 1 member,/);
		assert.equal((await failure(act(action, 'group:running'))).code, 'group-has-members', action);
	}
	await consumer.disconnect();
	assert.match(await ask('delete-group', 'group:running'), /no members/);
	await act('delete-group', 'group:running');
	assert.ok(!(await admin.listGroups()).groups.some(({ groupId }) => groupId === 'running'));
});

test('offsets of a group are deleted in the chosen topics and partitions, also with an odd name', async () => {
	await fill('kept', 2, 1);
	await fill('dropped', 2, 1);
	const groupId = 'group: "ä" \u202e';
	for (const topic of ['kept', 'dropped']) await broker.commit({ group: groupId, topic, offsets: [1n, 1n] });
	const values = { topics: 'dropped', partitions: '1' };
	const question = await ask('delete-offsets', `group:${groupId}`, values);
	assert.match(question, /in 1 partition\?/);
	assert.match(question, /^dropped 1: 1$/m);
	assert.doesNotMatch(question, /\u202e/);
	await act('delete-offsets', `group:${groupId}`, values);
	assert.deepEqual(await offsetsOf(groupId), ['dropped 0: 1', 'kept 0: 1', 'kept 1: 1']);
});

function file(name: string, content: string | Buffer): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

test('lines of a file are produced, with keys and in every codec that Node has', async () => {
	await broker.createTopic('filed', { partitions: 2 });
	const lines = Array.from({ length: 2500 }, (_, index) => `key-${index % 7}:value ${index}`);
	const values = { file: file('lines', `\ufeff${lines.join('\r\n')}\n\n`), format: 'keys', separator: ':' };
	assert.match(await ask('produce-file', 'topic:filed', values), /^Produce 2,500 messages to the topic "filed"\?/);
	const { text, progress } = await act('produce-file', 'topic:filed', { ...values, compression: 'snappy' });
	assert.equal(text, 'Produced 2,500 messages from "lines" to the topic "filed".');
	assert.ok(progress.length > 1);
	const read = await kcat('-C', '-t', 'filed', '-e', '-q', '-f', '%k:%s\n');
	assert.equal(sorted(read), [...lines].sort().join('\n'));
	// The same key goes to the same partition as with kcat's murmur2.
	const keys = await kcat('-C', '-t', 'filed', '-e', '-q', '-f', '%k %p\n');
	assert.equal(new Set(keys.trim().split('\n')).size, 7);
	const plain = { file: file('plain', Buffer.from('a:b\nff\xff\n', 'latin1')), format: 'lines' };
	await act('produce-file', 'partition:filed:1', plain);
	const stored = (await broker.records('filed')).filter(({ key }) => key === null);
	assert.deepEqual(
		stored.map(({ partition, value }) => [partition, Buffer.from(value ?? []).toString('latin1')]),
		[
			[1, 'a:b'],
			[1, 'ff\xff'],
		],
	);
});

test('JSON Lines keep keys, headers, digits, tombstones, partitions and times, also as kcat writes them', async () => {
	await broker.createTopic('json', { partitions: 2 });
	const lines = [
		'{"key":"a","value":{"id":12345678901234567890},"headers":{"x":"1"},"partition":1}',
		'{"key":"b","value":null,"partition":1,"timestamp":"1700000000000"}',
		'{"key":{"format":"hex","text":"00ff"},"base64":"/w==","headers":[["r","1"],["r","2"]],"partition":1}',
		'{"payload":"","key":{"format":"text","text":"t"},"tombstone":true,"partition":1,"timestamp":"2023-11-14T22:13:20.000Z"}',
		'{"topic":"other","partition":1,"offset":7,"ts":1700000000001,"headers":["h","v"],"key":null,"payload":"text"}',
	];
	await act('produce-file', 'topic:json', { file: file('json', lines.join('\n')), format: 'json' });
	const read = await kcat('-C', '-t', 'json', '-e', '-q', '-Z', '-f', '%p %h %k=%s\n');
	assert.match(read, /^1 x=1 a=\{"id":12345678901234567890\}$/m);
	assert.match(read, /^1 {2}b=NULL$/m);
	assert.match(read, /^1 {2}t=NULL$/m);
	assert.match(read, /^1 h=v NULL=text$/m);
	const stored = await broker.records('json');
	assert.deepEqual(
		stored.map(({ key, value, timestamp }) => [
			Buffer.from(key ?? []).toString('hex'),
			Buffer.from(value ?? []).length,
			timestamp < 1_700_000_000_002n,
		]),
		[
			['61', 27, false],
			['62', 0, true],
			['00ff', 1, false],
			['74', 0, true],
			['', 4, true],
		],
	);
});

test('a wrong line is named before anything is sent, and a refused batch says how far it came', async () => {
	await broker.createTopic('strict', { partitions: 1 });
	const wrong = { file: file('wrong', '{"value":"1"}\n{"key":"k"}\n'), format: 'json' };
	assert.match(
		(await failure(ask('produce-file', 'topic:strict', wrong))).message,
		/^Line 2 of "wrong" is not a message/,
	);
	const missing = { file: join(folder, 'missing'), format: 'lines' };
	assert.equal((await failure(ask('produce-file', 'topic:strict', missing))).code, 'bad-file');
	const far = { file: file('far', '{"value":"1","partition":5}'), format: 'json' };
	assert.equal((await failure(ask('produce-file', 'topic:strict', far))).code, 'unknown-partition');
	const many = { file: file('many', Array.from({ length: 1500 }, (_, index) => index).join('\n')), format: 'lines' };
	await broker.fault({ api: 'Produce', kind: 'error', code: 10, times: 2 });
	assert.match((await failure(act('produce-file', 'topic:strict', many))).message, /larger than the topic "strict"/);
	await broker.clearFaults();
	const stopping = new AbortController();
	stopping.abort();
	const stopped = await act('produce-file', 'topic:strict', many, stopping.signal);
	assert.match(stopped.text, /^Produced 0 messages .* The action was stopped\.$/);
});

test('refusals of the brokers are sentences with the code as evidence', async (t) => {
	t.after(() => broker.clearFaults());
	await fill('guarded', 1, 1);
	await broker.commit({ group: 'guarded', topic: 'guarded', offsets: [1n] });
	const cases: [api: string, code: number, action: string, node: string, values: Values, says: RegExp][] = [
		['DeleteTopics', 29, 'delete-topic', 'topic:guarded', {}, /^This user may not do that with the topic "guarded"\.$/],
		['CreatePartitions', 44, 'add-partitions', 'topic:guarded', { count: 9 }, /POLICY_VIOLATION/],
		['DeleteRecords', 29, 'delete-records', 'topic:guarded', { before: 'end' }, /^This user may not/],
		[
			'OffsetCommit',
			30,
			'reset-offsets',
			'group:guarded',
			{ to: 'earliest' },
			/^This user may not use the consumer group/,
		],
		['OffsetCommit', 25, 'reset-offsets', 'group:guarded', { to: 'earliest' }, /UNKNOWN_MEMBER_ID/],
		['OffsetDelete', 86, 'delete-offsets', 'group:guarded', {}, /GROUP_SUBSCRIBED_TO_TOPIC/],
		['DeleteGroups', 68, 'delete-group', 'group:guarded', {}, /NON_EMPTY_GROUP/],
		['DescribeGroups', 15, 'delete-group', 'group:guarded', {}, /COORDINATOR_NOT_AVAILABLE/],
	];
	for (const [api, code, action, node, values, says] of cases) {
		await broker.fault({ api, kind: 'error', code, times: 1 });
		const { message, evidence } = await failure(act(action, node, values));
		assert.match(message, says, `${api} ${code}`);
		assert.ok(evidence, `${api} ${code}`);
	}
	assert.deepEqual(await offsetsOf('guarded'), ['guarded 0: 1']);
});
