import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { FailureError } from '../../../src/base/failure';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { kafkaFlag } from '../../../src/protocols/kafka/describe/flags';
import { eventually } from '../../support/run/eventually';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { connect, resolved } from '../suite/attempt';

let broker: KafkaBroker;
before(async () => {
	broker = await startKafkaBroker({
		brokers: 2,
		topics: { alone: { partitions: 2 }, shared: { partitions: 4 }, other: {} },
	});
});
after(() => broker.stop());

const open = () => connect({ adapter, profile: resolved('kafka', `kafka://${broker.address}`) });
const wanted = (target: string, group: string) => ({ target, mode: 'group', group, initial: 'earliest' });
const offsetsOf = async (group: string) =>
	((await broker.state()).groups[group]?.offsets ?? [])
		.map(({ partition, offset }) => `${partition}:${offset}`)
		.sort()
		.join(' ');

test('reads as a member, commits what is in the log, and leaves', async () => {
	const { link, recorded } = await open();
	await broker.produce({ topic: 'alone', partition: 1, records: [{ value: 'a' }, { value: 'b' }] });
	const granted = await link.subscribe?.(wanted('alone', 'g'));
	assert.match(granted?.detail ?? '', /^member of g, all 2 partitions: 0, 1$/);
	await eventually('received', () => assert.equal(recorded.messages.length, 2));
	assert.ok(recorded.messages.every(({ flags }) => flags & kafkaFlag.consumed));
	assert.equal((await broker.state()).groups.g?.members, 1);
	await eventually('committed', async () => assert.equal(await offsetsOf('g'), '1:2'));
	await broker.produce({ topic: 'alone', partition: 0, records: [{ value: 'c' }] });
	await eventually('received', () => assert.equal(recorded.messages.length, 3));
	await link.unsubscribe?.(wanted('alone', 'g'));
	assert.equal(await offsetsOf('g'), '0:1 1:2', 'committed at the end');
	assert.equal((await broker.state()).groups.g?.members, 0, 'it has left');
	// What came meanwhile is read by the next member, and nothing else.
	await broker.produce({ topic: 'alone', partition: 0, records: [{ value: 'd' }] });
	await link.subscribe?.(wanted('alone', 'g'));
	await eventually('received', () => assert.equal(recorded.messages.at(-1)?.payload.toString(), 'd'));
	assert.equal(recorded.messages.length, 4);
	await link.close();
	assert.equal((await broker.state()).groups.g?.members, 0);
	assert.equal(await offsetsOf('g'), '0:2 1:2');
});

test('divides the partitions with a member of another client, and takes them back', async () => {
	const { link, recorded } = await open();
	await link.subscribe?.(wanted('shared', 'both'));
	const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
	const consumer = kafka.consumer({ groupId: 'both', heartbeatInterval: 500 });
	const others = new Set<string>();
	await consumer.connect();
	assert.match(
		JSON.stringify(await link.ask?.({ kind: 'subscribe', subscription: wanted('shared', 'both') })),
		/Join the consumer group.*1 member will receive less/,
	);
	assert.match(
		JSON.stringify(await link.ask?.({ kind: 'subscribe', subscription: wanted('shared', 'none') })),
		/It is new/,
	);
	await consumer.subscribe({ topic: 'shared' });
	await consumer.run({ eachMessage: async ({ message }) => void others.add(String(message.value)) });
	await eventually('it has given up two partitions', () =>
		assert.match(recorded.changes.at(-1)?.detail ?? '', /^member of both, 2 of 4 partitions/),
	);
	for (const partition of [0, 1, 2, 3])
		await broker.produce({ topic: 'shared', partition, records: [{ value: String(partition) }] });
	await eventually('each message came to one of the two', () =>
		assert.deepEqual([...others, ...recorded.messages.map(({ payload }) => payload.toString())].sort(), [
			'0',
			'1',
			'2',
			'3',
		]),
	);
	await consumer.disconnect();
	await eventually('it has all partitions again', () =>
		assert.match(recorded.changes.at(-1)?.detail ?? '', /all 4 partitions/),
	);
	await link.close();
});

test('two groups on one topic do not replace each other', async () => {
	const { identity } = (await import('../../../src/protocols/kafka/describe/describe')).kafka.subscription ?? {};
	const ids = [wanted('other', 'a'), wanted('other', 'b'), { target: 'other', mode: 'read' }, { target: 'other' }].map(
		(one) => identity?.(one),
	);
	assert.equal(new Set(ids).size, 3);
	assert.equal(ids[2], ids[3]);
});

test('refuses a topic that is not there before it joins', async () => {
	const { link } = await open();
	await assert.rejects(
		async () => link.subscribe?.(wanted('nowhere', 'n')),
		(error: unknown) => error instanceof FailureError && error.failure.code === 'unknown-topic',
	);
	assert.equal((await broker.state()).groups.n, undefined);
	await link.close();
});
