import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import test from 'node:test';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { storedRecord } from '../../../src/protocols/kafka/describe/stored-record';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { type KafkaBroker, type KafkaBrokerOptions, startKafkaBroker } from '../../support/servers/kafka-broker';
import { connect, type Recorded, refused, resolved } from '../suite/attempt';

// What goes wrong in a cluster while the adapter reads and writes: brokers, leaders, topics and addresses that change.

type Context = { after(end: () => unknown): void };

async function cluster(t: Context, options: KafkaBrokerOptions = {}): Promise<KafkaBroker> {
	const broker = await startKafkaBroker({ brokers: 2, ...options });
	t.after(() => broker.stop());
	return broker;
}

async function opened(t: Context, broker: KafkaBroker, values = {}) {
	const found = await connect({ adapter, profile: resolved('kafka', `kafka://${broker.address}`, values) });
	t.after(() => found.link.destroy());
	return found;
}

const draft = (target: string, values = {}) => ({ verb: 'produce', target, payload: Buffer.from('x'), values });
const texts = ({ messages }: Recorded) => messages.map(({ payload }) => String(payload));
const read = (target: string, from = 'earliest') => ({ target, mode: 'read', from });

const refusedPort = 1;
const addresses: { name: string; address: { host?: string; port?: number }; says: RegExp }[] = [
	{ name: 'an unknown host', address: { host: 'nowhere.invalid' }, says: /nowhere\.invalid.*cannot be reached/ },
	{
		name: 'a port without a listener',
		address: { port: refusedPort },
		says: /127\.0\.0\.1:1 as the address of broker 1/,
	},
];

for (const { name, address, says } of addresses)
	test(`a cluster that names ${name} is explained, and a mapping helps`, async (t) => {
		const broker = await cluster(t, { brokers: 1, topics: { orders: {} } });
		await broker.advertise(1, address);
		const url = `kafka://${broker.address}`;
		const { failure } = await refused({ adapter, profile: resolved('kafka', url) });
		assert.equal(failure.code, 'advertised-unreachable');
		assert.match(failure.message, says);
		assert.match(failure.message, new RegExp(`^${broker.address} was reached`));
		assert.match(failure.remedy?.text ?? '', /advertised\.listeners/);
		const named = `${address.host ?? '127.0.0.1'}:${address.port ?? broker.port}`;
		const { link } = await opened(t, broker, { hosts: [[named, broker.address]] });
		assert.equal((await link.send(draft('orders'))).proof, 'acknowledged');
	});

test('an advertised host that accepts and says nothing is named within the time of the attempt', async (t) => {
	const silent = createServer(() => {});
	const port = await listen(silent);
	t.after(() => silent.close());
	const broker = await cluster(t, { brokers: 1 });
	await broker.advertise(1, { port });
	const profile = resolved('kafka', `kafka://${broker.address}`, { connectTimeout: 1 });
	const { failure } = await refused({ adapter, profile, deadline: 15_000 });
	assert.equal(failure.code, 'advertised-unreachable', JSON.stringify(failure));
	assert.match(failure.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
});

test('a moved leader is followed in the middle of reading and producing', async (t) => {
	const broker = await cluster(t, { topics: { orders: { replication: 2 } } });
	const { link, recorded } = await opened(t, broker);
	await link.subscribe?.(read('orders'));
	await broker.produce({ topic: 'orders', records: [{ value: 'before' }] });
	await eventually('the first', () => assert.deepEqual(texts(recorded), ['before']));
	assert.equal((await link.send(draft('orders'))).proof, 'acknowledged');
	await broker.lead({ topic: 'orders', broker: 2 });
	await broker.produce({ topic: 'orders', records: [{ value: 'after' }] });
	await eventually('all', () => assert.deepEqual(texts(recorded), ['before', 'x', 'after']));
	// The first one may meet the old leader, and is refused then, never sent twice.
	await eventually('a new receipt', async () => assert.equal((await link.send(draft('orders'))).proof, 'acknowledged'));
	const values = (await broker.records('orders')).map(({ value }) => String(value && Buffer.from(value)));
	assert.equal(values.filter((value) => value === 'x').length, 2);
});

test('a broker that stops and comes back is noted, and nothing is lost or doubled', async (t) => {
	const broker = await cluster(t, { topics: { orders: { partitions: 2, replication: 2 } } });
	const { link, recorded } = await opened(t, broker);
	await link.subscribe?.(read('orders'));
	const produce = (value: string) => broker.produce({ topic: 'orders', partition: 1, records: [{ value }] });
	await produce('1');
	await eventually('the first', () => assert.deepEqual(texts(recorded), ['1']));
	await broker.setUp(2, false);
	await produce('2');
	await eventually('the second', () => assert.deepEqual(texts(recorded), ['1', '2']));
	await broker.setUp(2, true);
	await produce('3');
	await eventually('the third', () => assert.deepEqual(texts(recorded), ['1', '2', '3']));
	assert.deepEqual(
		recorded.messages.map(({ meta }) => storedRecord(meta)?.offset),
		[0n, 1n, 2n],
	);
});

test('a topic that is deleted while it is read ends the reading with a reason', async (t) => {
	const broker = await cluster(t, { brokers: 1, autoCreate: true, topics: { orders: {} } });
	const { link, recorded } = await opened(t, broker);
	await link.subscribe?.(read('orders'));
	await broker.deleteTopic('orders');
	const change = await eventually('the end', () => {
		const found = recorded.changes.find(({ failure }) => failure);
		assert.ok(found);
		return found;
	});
	assert.equal(change.failure?.code, 'unknown-topic', JSON.stringify(change));
	assert.equal((await broker.state()).topics.orders, undefined, 'reading has not created it again');
});

test('messages that are deleted while they are read are passed over with a note', async (t) => {
	const broker = await cluster(t, { brokers: 1, topics: { orders: {} } });
	for (const value of ['a', 'b', 'c']) await broker.produce({ topic: 'orders', records: [{ value }] });
	await broker.fault({ api: 'Fetch', kind: 'error', code: 1, times: 1 });
	const { link, recorded } = await opened(t, broker);
	await link.subscribe?.(read('orders'));
	await eventually('all', () => assert.deepEqual(texts(recorded), ['a', 'b', 'c']));
});

test('an 80 MB batch in a small one is refused with its place, and reading goes on after it', async (t) => {
	const broker = await cluster(t, { brokers: 1, topics: { orders: {} } });
	await broker.bomb({ topic: 'orders', bytes: 80 << 20 });
	await broker.produce({ topic: 'orders', records: [{ value: 'after' }] });
	const { link, recorded } = await opened(t, broker);
	await link.subscribe?.(read('orders'));
	await eventually('the next', () => assert.deepEqual(texts(recorded), ['after']));
	assert.match(recorded.notes.join('\n'), /offset 0 of orders, partition 0.*bytes when it is decompressed/);
});

test('a produce request without an answer is unknown, one that is refused is refused', async (t) => {
	const broker = await cluster(t, { brokers: 1, topics: { orders: {} } });
	const { link } = await opened(t, broker);
	const cases: [code: number, proof: string][] = [
		[10, 'refused'],
		[29, 'refused'],
		[19, 'refused'],
		[7, 'unknown'],
		[20, 'unknown'],
	];
	for (const [code, proof] of cases) {
		await broker.fault({ api: 'Produce', kind: 'error', code, times: 1 });
		assert.equal((await link.send(draft('orders'))).proof, proof, `error ${code}`);
	}
	await broker.fault({ api: 'Produce', kind: 'close', times: 1 });
	assert.equal((await link.send(draft('orders'))).proof, 'unknown');
});

test('further bootstrap brokers are tried in turn', async (t) => {
	const broker = await cluster(t, { topics: { orders: {} } });
	await broker.setUp(1, false);
	const { link } = await opened(t, broker, { brokers: [`127.0.0.1:${broker.port + 1}`] });
	assert.ok(link.facts.some(({ label, value }) => label === 'Bootstrap' && value.endsWith(String(broker.port + 1))));
});

test('a batch with a wrong checksum is not shown, and reading goes on after it', async (t) => {
	const broker = await cluster(t, { brokers: 1, topics: { orders: {} } });
	await broker.produce({ topic: 'orders', records: [{ value: 'damaged' }] });
	await broker.fault({ api: 'Fetch', kind: 'corrupt', times: 1 });
	const { link, recorded } = await opened(t, broker);
	await link.subscribe?.(read('orders'));
	await eventually('a note', () => assert.match(recorded.notes.join('\n'), /offset 0 of orders.*checksum is wrong/));
	await broker.produce({ topic: 'orders', records: [{ value: 'whole' }] });
	await eventually('the next', () => assert.deepEqual(texts(recorded), ['whole']));
});
