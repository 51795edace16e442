import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import test from 'node:test';
import { generate } from 'mqtt-packet';
import { eventually } from '../../support/run/eventually';
import { withPlayground } from '../../support/servers/playground';

const hello = generate({ cmd: 'connect', clientId: 'bad', protocolVersion: 5, clean: true });

const hostile: { name: string; bytes: Buffer }[] = [
	{ name: 'an HTTP request', bytes: Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n') },
	{ name: 'a packet before CONNECT', bytes: generate({ cmd: 'pingreq' }) },
	{ name: 'a second CONNECT', bytes: Buffer.concat([hello, hello]) },
	{ name: 'a length of five bytes', bytes: Buffer.concat([hello, Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f])]) },
	{ name: 'PUBLISH at QoS 3', bytes: Buffer.concat([hello, Buffer.from([0x36, 0x05, 0, 1, 0x61, 0, 1])]) },
	{
		name: 'PUBLISH at QoS 1 with packet id 0',
		bytes: Buffer.concat([hello, Buffer.from([0x32, 0x06, 0, 1, 0x61, 0, 0, 0])]),
	},
	{ name: 'PUBLISH to a wildcard', bytes: Buffer.concat([hello, Buffer.from([0x30, 0x04, 0, 1, 0x23, 0])]) },
	{
		name: 'PUBLISH with a topic alias, which the broker does not offer',
		bytes: Buffer.concat([hello, Buffer.from([0x30, 0x06, 0, 0, 3, 0x23, 0, 9])]),
	},
	{ name: 'SUBSCRIBE without a filter', bytes: Buffer.concat([hello, Buffer.from([0x82, 0x03, 0, 1, 0])]) },
	{ name: 'SUBSCRIBE with wrong flags', bytes: Buffer.concat([hello, Buffer.from([0x80, 0x02, 0, 1])]) },
	{ name: 'CONNACK from a client', bytes: Buffer.concat([hello, Buffer.from([0x20, 0x03, 0, 0, 0])]) },
	{
		name: 'a will for a wildcard',
		bytes: generate({
			cmd: 'connect',
			clientId: 'bad',
			protocolVersion: 4,
			clean: true,
			will: { topic: 'a/#', payload: 'x', qos: 0, retain: false },
		}),
	},
];

test('an invalid packet ends its client, and the others go on', async (t) => {
	const { client, ports } = await withPlayground(t);
	const good = await client({ protocolVersion: 5 });
	await good.client.subscribeAsync('alive', { qos: 1 });
	for (const { name, bytes } of hostile) {
		await t.test(name, async () => {
			const socket = connectTcp(ports.mqtt, '127.0.0.1');
			socket.on('error', () => {});
			socket.resume();
			socket.write(bytes);
			await once(socket, 'close', { signal: AbortSignal.timeout(5000) });
			const before = good.messages.length;
			await good.client.publishAsync('alive', name, { qos: 1 });
			await eventually('the good one', () => assert.equal(good.messages.length, before + 1));
		});
	}
});

test('the broker survives random bytes and packets cut at every byte', async (t) => {
	const { client, ports } = await withPlayground(t);
	const subscribe = generate({
		cmd: 'subscribe',
		messageId: 1,
		subscriptions: [{ topic: 'a/+', qos: 1, nl: false, rap: false, rh: 0 }],
	});
	const whole = Buffer.concat([hello, subscribe]);
	const all = [
		...Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length)),
		...Array.from({ length: 100 }, () => Buffer.concat([hello, randomBytes(64)])),
	];
	for (const bytes of all) {
		const socket = connectTcp(ports.mqtt, '127.0.0.1');
		socket.on('error', () => {});
		socket.resume();
		socket.end(bytes);
		await once(socket, 'close');
	}
	const good = await client();
	await good.client.subscribeAsync('alive', { qos: 1 });
	await good.client.publishAsync('alive', 'yes', { qos: 1 });
	await eventually('it', () => assert.equal(good.messages[0]?.payload, 'yes'));
});

test('a declared length beyond the limit ends the client before the packet is buffered', async (t) => {
	const { ports } = await withPlayground(t);
	const socket = connectTcp(ports.mqtt, '127.0.0.1');
	socket.on('error', () => {});
	socket.resume();
	socket.write(Buffer.concat([hello, Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]));
	let written = 0;
	const megabyte = Buffer.alloc(1024 * 1024);
	const pump = () => {
		while (!socket.destroyed && written < 200) {
			written++;
			if (!socket.write(megabyte)) {
				socket.once('drain', pump);
				return;
			}
		}
	};
	pump();
	await once(socket, 'close');
	assert.ok(written < 60, `${written} MB were taken`);
});
