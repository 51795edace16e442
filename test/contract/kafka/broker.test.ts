import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import { eventually } from '../../support/run/eventually';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';

// The small broker is checked by clients that share nothing with it: kcat (librdkafka) and kafkajs.

const run = promisify(execFile);
let broker: KafkaBroker;
before(async () => {
	broker = await startKafkaBroker({
		brokers: 2,
		topics: {
			orders: { partitions: 3 },
			huge: { firstOffset: '9007199254740993' },
			spread: { partitions: 4, replication: 2 },
		},
	});
});
after(() => broker.stop());

async function kcat(...args: string[]): Promise<string> {
	const { stdout } = await run('kcat', ['-b', broker.address, ...args], { timeout: 60_000 });
	return stdout;
}

function kafkajs(): Kafka {
	return new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 2 } });
}

test('kcat lists brokers and partitions, each led by its broker', async () => {
	const { brokers, topics } = JSON.parse(await kcat('-L', '-J'));
	assert.deepEqual(
		brokers.map(({ name }: { name: string }) => name),
		[`127.0.0.1:${broker.port}`, `127.0.0.1:${broker.port + 1}`],
	);
	const spread = topics.find(({ topic }: { topic: string }) => topic === 'spread');
	assert.deepEqual(
		spread.partitions.map(({ leader }: { leader: number }) => leader),
		[1, 2, 1, 2],
	);
});

for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
	test(`kcat reads what kcat has produced: ${codec}`, async (t) => {
		const topic = `codec-${codec}`;
		await broker.createTopic(topic);
		const folder = mkdtempSync(join(tmpdir(), 'kcat-'));
		t.after(() => rmSync(folder, { recursive: true }));
		const lines = Array.from({ length: 200 }, (_, index) => `k${index}:${'value '.repeat(20)}${index}`);
		writeFileSync(join(folder, 'lines'), lines.join('\n'));
		await kcat('-P', '-t', topic, '-K:', '-z', codec, '-H', 'a=1', '-H', 'a=2', '-l', join(folder, 'lines'));
		const read = await kcat('-C', '-t', topic, '-e', '-q', '-f', '%o %h %k:%s\n');
		assert.deepEqual(
			read.trimEnd().split('\n'),
			lines.map((line, index) => `${index} a=1,a=2 ${line}`),
		);
	});
}

test('kcat reads from the end, from an offset, from a time, and beyond 2^53', async () => {
	const base = 9007199254740993n;
	for (let index = 0n; index < 4n; index++)
		await broker.produce({ topic: 'huge', records: [{ value: `v${index}`, timestamp: 1_700_000_000_000n + index }] });
	const read = (offset: string) => kcat('-C', '-t', 'huge', '-p', '0', '-o', offset, '-e', '-q', '-f', '%o %s\n');
	assert.equal(await read('-1'), `${base + 3n} v3\n`);
	assert.equal(await read(`${base + 2n}`), `${base + 2n} v2\n${base + 3n} v3\n`);
	assert.equal(await read('s@1700000000003'), `${base + 3n} v3\n`);
	assert.match(await kcat('-Q', '-t', 'huge:0:1700000000002'), new RegExp(`offset ${base + 2n}`));
});

test('kcat reads a compacted topic with gaps, and tombstones', async () => {
	await broker.createTopic('compacted', { configs: { 'cleanup.policy': 'compact' } });
	const records = ['a', 'b', 'a', 'c', 'b'].map((key, index) => ({ key, value: index === 4 ? null : `${index}` }));
	await broker.produce({ topic: 'compacted', records });
	await broker.compact('compacted');
	const read = await kcat('-C', '-t', 'compacted', '-e', '-q', '-Z', '-f', '%o %k=%s\n');
	assert.equal(read, '2 a=2\n3 c=3\n4 b=NULL\n');
});

test('a group of two kafkajs consumers shares the partitions, and kcat takes over from its commits', async (t) => {
	const kafka = kafkajs();
	const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
	await producer.connect();
	await broker.createTopic('shared', { partitions: 2 });
	const received: string[] = [];
	const consumers = [1, 2].map(() =>
		kafka.consumer({ groupId: 'team', maxWaitTimeInMs: 100, heartbeatInterval: 100, sessionTimeout: 6000 }),
	);
	t.after(() => Promise.all([...consumers, producer].map((one) => one.disconnect())));
	for (const consumer of consumers) {
		await consumer.connect();
		await consumer.subscribe({ topic: 'shared', fromBeginning: true });
		await consumer.run({ eachMessage: async ({ message }) => void received.push(String(message.value)) });
	}
	const admin = kafka.admin();
	await admin.connect();
	t.after(() => admin.disconnect());
	await eventually('two members', async () => {
		const { groups } = await admin.describeGroups(['team']);
		assert.equal(groups[0]?.state, 'Stable');
		assert.equal(groups[0]?.members.length, 2);
	});
	await assert.rejects(admin.deleteGroups(['team']));
	const messages = Array.from({ length: 20 }, (_, index) => ({ value: `m${index}`, partition: index % 2 }));
	await producer.send({ topic: 'shared', messages: messages.slice(0, 10), compression: CompressionTypes.GZIP });
	await producer.send({ topic: 'shared', messages: messages.slice(10) });
	await eventually('all messages', () => assert.equal(new Set(received).size, 20));
	await Promise.all(consumers.map((one) => one.disconnect()));
	const offsets = await admin.fetchOffsets({ groupId: 'team', topics: ['shared'] });
	assert.deepEqual(offsets[0]?.partitions.map(({ offset }) => offset).sort(), ['10', '10']);
	await broker.produce({ topic: 'shared', partition: 1, records: [{ value: 'next' }] });
	assert.equal(await kcat('-G', 'team', '-e', '-q', '-f', '%p %o %s\n', 'shared'), '1 10 next\n');
	await admin.deleteGroups(['team']);
	assert.equal((await broker.state()).groups.team, undefined);
});

test('kafkajs creates, extends, alters, empties and deletes a topic', async (t) => {
	const admin = kafkajs().admin();
	await admin.connect();
	t.after(() => admin.disconnect());
	const configEntries = [{ name: 'retention.ms', value: '1000' }];
	await admin.createTopics({ topics: [{ topic: 'made', numPartitions: 2, replicationFactor: 2, configEntries }] });
	await assert.rejects(admin.createTopics({ topics: [{ topic: 'a b' }] }));
	await admin.createPartitions({ topicPartitions: [{ topic: 'made', count: 5 }] });
	const { topics } = await admin.fetchTopicMetadata({ topics: ['made'] });
	assert.equal(topics[0]?.partitions.length, 5);
	const resources = [{ type: 2, name: 'made' }];
	await admin.alterConfigs({
		validateOnly: false,
		resources: [{ ...resources[0], configEntries: [{ name: 'min.insync.replicas', value: '2' }] }],
	} as never);
	const described = await admin.describeConfigs({ includeSynonyms: false, resources } as never);
	const values = Object.fromEntries(
		(described.resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]),
	);
	assert.equal(values['min.insync.replicas'], '2');
	assert.equal(values['retention.ms'], '604800000');
	for (const value of ['1', '2', '3']) await broker.produce({ topic: 'made', records: [{ value }] });
	await admin.deleteTopicRecords({ topic: 'made', partitions: [{ partition: 0, offset: '2' }] });
	assert.deepEqual(
		(await admin.fetchTopicOffsets('made')).find(({ partition }) => partition === 0),
		{ partition: 0, offset: '3', high: '3', low: '2' },
	);
	await admin.deleteTopics({ topics: ['made'] });
	assert.ok(!(await admin.listTopics()).includes('made'));
});

test('a stopped broker passes its partitions to the other replica', async (t) => {
	await broker.produce({ topic: 'spread', partition: 1, records: [{ value: 'kept' }] });
	await broker.setUp(2, false);
	t.after(() => broker.setUp(2, true));
	assert.equal(await kcat('-C', '-t', 'spread', '-p', '1', '-e', '-q', '-f', '%s\n'), 'kept\n');
	await broker.setUp(2, true);
	assert.equal((await broker.state()).topics.spread?.partitions[1]?.leader, 2);
});
