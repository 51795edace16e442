import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'node:test';
import { decode as decodeMsgpack } from '@msgpack/msgpack';
import { decode as decodeCbor } from 'cbor2';
import WebSocket from 'ws';
import { startPlayground } from '../../../src/playground/playground';
import { eventually } from '../../support/run/eventually';
import { withPlayground } from '../../support/servers/playground';

test('the farm publishes numbers, JSON, CBOR, MessagePack and raw bytes', async (t) => {
	const { client } = await withPlayground(t);
	const seen = new Map<string, { payload: Buffer; type?: string }>();
	const { client: own } = await client({ protocolVersion: 5 });
	own.on('message', (topic, payload, packet) => {
		seen.set(topic, { payload, ...(packet.properties?.contentType ? { type: packet.properties.contentType } : {}) });
	});
	await own.subscribeAsync('farm/#', { qos: 1 });
	const wanted: [string, (payload: Buffer) => unknown][] = [
		['farm/readme', (payload) => JSON.parse(payload.toString()).welcome],
		['farm/greenhouse-1/vent/state', (payload) => JSON.parse(payload.toString()).mode],
		['farm/greenhouse-1/soil/bed-1/moisture', (payload) => Number(payload.toString())],
		['farm/greenhouse-1/climate', (payload) => JSON.parse(payload.toString()).temperature],
		['farm/weather/station', (payload) => (decodeCbor(payload) as { wind: number }).wind],
		['farm/tractor-7/position', (payload) => (decodeMsgpack(payload) as { lat: number }).lat],
		['farm/water/meter', (payload) => payload.readUInt16BE(0)],
	];
	for (const [topic, read] of wanted) {
		await eventually(topic, () => assert.ok(read(seen.get(topic)?.payload ?? Buffer.alloc(0))));
	}
	assert.equal(seen.get('farm/weather/station')?.type, 'application/cbor');
});

const commands = [
	{ sent: 'open', mode: 'open' },
	{ sent: '{"mode":"closed"}', mode: 'closed' },
];
for (const { sent, mode } of commands) {
	test(`the vent obeys ${sent}`, async (t) => {
		const { client } = await withPlayground(t);
		const { client: own, messages } = await client({ protocolVersion: 5 });
		await own.subscribeAsync('farm/greenhouse-1/vent/state', { qos: 1 });
		await own.publishAsync('farm/greenhouse-1/vent/set', sent, { qos: 1 });
		await eventually('its state', () => assert.equal(JSON.parse(messages.at(-1)?.payload ?? '{}').mode, mode));
	});
}

test('the vent publishes an alert for an unknown mode', async (t) => {
	const { client } = await withPlayground(t);
	const { client: own, messages } = await client({ protocolVersion: 5 });
	await own.subscribeAsync('farm/alerts', { qos: 1 });
	await own.publishAsync('farm/greenhouse-1/vent/set', '{"mode":', { qos: 1 });
	await eventually('the alert', () => assert.match(messages.map(({ payload }) => payload).join(), /No such mode/));
});

test('a request is answered on its response topic with its correlation data', async (t) => {
	const { client } = await withPlayground(t);
	const { client: own, messages } = await client({ protocolVersion: 5 });
	await own.subscribeAsync('my/answers', { qos: 1 });
	await own.publishAsync('farm/ask/time', 'now?', {
		qos: 1,
		properties: { responseTopic: 'my/answers', correlationData: Buffer.from('17') },
	});
	await eventually('the answer', () => assert.equal(messages.length, 1));
	assert.equal(messages[0]?.packet.properties?.correlationData?.toString(), '17');
	assert.equal(JSON.parse(messages[0]?.payload ?? '').asked, 'now?');
});

test('a burst of the requested size starts on command', async (t) => {
	const { client } = await withPlayground(t);
	const { client: own, messages } = await client();
	await own.subscribeAsync('farm/burst/+', { qos: 0 });
	await own.publishAsync('farm/burst/start', '3000', { qos: 1 });
	await eventually('3,000', () => {
		assert.equal(messages.filter(({ topic }) => topic.startsWith('farm/burst/sensor-')).length, 3000);
	});
});

test('a port that is taken is replaced by a free one', async (t) => {
	const other = createServer();
	other.listen(0, '127.0.0.1');
	await once(other, 'listening');
	const address = other.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	const playground = await startPlayground({ ports: { mqtt: port }, port: 0 });
	t.after(async () => {
		await playground.close();
		other.close();
	});
	assert.notEqual(playground.ports.mqtt, port);
	assert.ok(playground.ports.mqtt > 0);
});

test('WebSocket: /echo sends back text as text and bytes as bytes', async (t) => {
	const { ports } = await withPlayground(t);
	const socket = new WebSocket(`ws://127.0.0.1:${ports.ws}/echo`, ['chat']);
	await once(socket, 'open');
	assert.equal(socket.protocol, 'chat');
	for (const sent of ['hëllo', Buffer.from([0, 255, 1])]) {
		const answer = once(socket, 'message');
		socket.send(sent);
		const [data, isBinary] = (await answer) as [Buffer, boolean];
		assert.deepEqual(isBinary ? data : data.toString(), sent);
	}
	socket.terminate();
});

test('WebSocket: /ticker sends prices, accepts a subscription, and answers an invalid message', async (t) => {
	const { ports } = await withPlayground(t);
	const socket = new WebSocket(`ws://127.0.0.1:${ports.ws}/ticker`);
	const types: string[] = [];
	socket.on('message', (data, isBinary) => types.push(isBinary ? 'binary' : JSON.parse(String(data)).type));
	await once(socket, 'open');
	socket.send('{"type":"subscribe","symbol":"CORN"}');
	socket.send('what?');
	for (const type of ['welcome', 'price', 'subscribed', 'error', 'binary']) {
		await eventually(type, () => assert.ok(types.includes(type)));
	}
	socket.terminate();
});

test('WebSocket: another path is closed with a reason', async (t) => {
	const { ports } = await withPlayground(t);
	const socket = new WebSocket(`ws://127.0.0.1:${ports.ws}/nothing`);
	const [code, why] = (await once(socket, 'close')) as [number, Buffer];
	assert.equal(code, 4404);
	assert.match(why.toString(), /echo/);
});
