import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { startKafka } from '../../../src/playground/kafka/start';
import { eventually } from '../../support/run/eventually';

// The Kafka of the playground, looked at with kcat and kafkajs.

const run = promisify(execFile);
let kafka: Awaited<ReturnType<typeof startKafka>>;
before(async () => {
	kafka = await startKafka(0);
});
after(() => kafka.close());

async function kcat(...args: string[]): Promise<string> {
	const { stdout } = await run('kcat', ['-b', `127.0.0.1:${kafka.port}`, ...args], { timeout: 60_000 });
	return stdout;
}

test('another port is taken if the port is busy', async () => {
	const second = await startKafka(kafka.port);
	assert.notEqual(second.port, kafka.port);
	await second.close();
});

test('an order that a user produces is shipped under its key', async () => {
	const child = run('kcat', ['-b', `127.0.0.1:${kafka.port}`, '-P', '-t', 'orders', '-K:']);
	child.child.stdin?.end('my-order:{"mine":true}\n');
	await child;
	await eventually('the shipment', async () =>
		assert.match(await kcat('-C', '-t', 'shipments', '-e', '-q', '-f', '%k %s\n'), /^my-order .*"order":"my-order"/m),
	);
});

test('users are created, and aborted payments are hidden from readers of committed records', async () => {
	const users = await kcat('-C', '-t', 'user-events', '-c', '5', '-q', '-f', '%h %s\n');
	assert.match(users, /event-type=UserCreated.*"type":"UserCreated"/);
	const read = (level: string) =>
		kcat('-C', '-t', 'payments', '-X', `isolation.level=${level}`, '-e', '-q', '-f', '%s\n');
	assert.match(await read('read_uncommitted'), /"reject"/);
	const committed = await read('read_committed');
	assert.match(committed, /"capture"/);
	assert.doesNotMatch(committed, /"reject"/);
});

test('a consumer that joins the group "billing" receives a share of the orders', async (t) => {
	const client = new Kafka({ brokers: [`127.0.0.1:${kafka.port}`], logLevel: logLevel.NOTHING });
	const consumer = client.consumer({ groupId: 'billing', maxWaitTimeInMs: 100, heartbeatInterval: 200 });
	t.after(() => consumer.disconnect());
	await consumer.connect();
	await consumer.subscribe({ topic: 'orders', fromBeginning: true });
	const partitions = new Set<number>();
	await consumer.run({ eachMessage: async ({ partition }) => void partitions.add(partition) });
	await eventually('messages', () => assert.ok(partitions.size > 0));
	const admin = client.admin();
	await admin.connect();
	t.after(() => admin.disconnect());
	const { groups } = await admin.describeGroups(['billing']);
	assert.equal(groups[0]?.members.length, 2);
	assert.ok(partitions.size < 3, 'The playground keeps its share.');
});

/** A request in the frame of Kafka: key, version, correlation id, no client id, body. */
function request(key: number, version: number, body: Buffer): Buffer {
	const bytes = Buffer.alloc(14 + body.length);
	bytes.writeInt32BE(10 + body.length);
	bytes.writeInt16BE(key, 4);
	bytes.writeInt16BE(version, 6);
	bytes.writeInt16BE(-1, 12);
	body.copy(bytes, 14);
	return bytes;
}

const invalid: Record<string, Buffer> = {
	'an HTTP request': Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
	'a length of 2 GB': Buffer.from('7fffffff00120000', 'hex'),
	'a negative length': Buffer.from('ffffffff00120000', 'hex'),
	'an unknown request': request(999, 0, Buffer.alloc(0)),
	'an unknown version': request(3, 99, Buffer.alloc(0)),
	'a request without its body': request(0, 7, Buffer.alloc(0)),
	'an array of 2,000,000,000 topics': request(3, 1, Buffer.from('77359400', 'hex')),
	'a string that is longer than the request': request(3, 1, Buffer.from('000000017fff61', 'hex')),
};

for (const [name, bytes] of Object.entries(invalid)) {
	test(`${name} ends its connection, and the others go on`, async () => {
		const socket = connect(kafka.port, '127.0.0.1');
		socket.on('error', () => {});
		socket.resume();
		socket.write(bytes);
		await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
		assert.match(await kcat('-L', '-t', 'orders'), /topic "orders" with 3/);
	});
}
