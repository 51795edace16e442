import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { connect as amqpConnect, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { generate, type ParsedPacket, parse } from 'coap-packet';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { sketchOf } from '../../../src/files/exchange/sketch';
import type { Draft } from '../../../src/model/contracts/message';
import { exchangeTarget } from '../../../src/protocols/amqp/describe/addresses';
import { describe } from '../../../src/protocols/descriptions';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';
import { copied, hostileDrafts, hostileTexts, wire } from '../../support/texts/evil-texts';

const run = promisify(execFile);

let folder: string;
let broker: Mosquitto;
let client: MqttClient;
let rabbit: RabbitMq;
let connection: ChannelModel;
let devices: Socket;
const published: IPublishPacket[] = [];
const delivered: ConsumeMessage[] = [];
const asked: ParsedPacket[] = [];

before(async () => {
	// Programs find the packages of this repository only from within it.
	folder = mkdtempSync(join('.cache', 'copied-'));
	[broker, rabbit] = await Promise.all([startMosquitto(), startRabbitMq()]);
	client = await connectAsync({ host: '127.0.0.1', port: broker.port, protocolVersion: 5 });
	client.on('message', (_topic, _payload, packet) => published.push(packet));
	await client.subscribeAsync('#', { qos: 2 });
	connection = await amqpConnect(`amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.otherPort}`);
	const channel = await connection.createChannel();
	const { queue } = await channel.assertQueue('', { exclusive: true });
	await channel.bindQueue(queue, 'amq.topic', '#');
	await channel.consume(queue, (message) => message && delivered.push(message), { noAck: true });
	devices = createSocket('udp4').bind(0, '127.0.0.1');
	devices.on('message', (bytes, from) => {
		const { messageId, token, code, ...packet } = parse(bytes);
		if (code === '0.00') return;
		asked.push({ messageId, token, code, ...packet });
		devices.send(generate({ ack: true, code: '2.04', messageId, token }), from.port, from.address);
	});
	await once(devices, 'listening');
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	devices.close();
	await Promise.all([client.endAsync(), connection.close()]);
	await Promise.all([broker.stop(), rabbit.stop()]);
});

/** Runs what was copied of a draft; undefined where it cannot be copied so. */
async function sent(protocol: string, draft: Draft, url: string, id: string): Promise<string | undefined> {
	const description = describe(protocol);
	assert.ok(description);
	const text = copied(sketchOf(draft, description, url), id)?.replaceAll('coap-client ', 'coap-client-notls ');
	if (text === undefined) return undefined;
	const file = join(folder, id === 'javascript' ? 'p.mjs' : 'p.sh');
	writeFileSync(file, text);
	await run(id === 'javascript' ? process.execPath : 'sh', [file], { timeout: 30_000 });
	return text;
}

const draftOf = (protocol: string, text: string): Draft => {
	const draft = hostileDrafts(text, Buffer.from(text)).find(([one]) => one === protocol)?.[1];
	assert.ok(draft);
	return draft;
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
/** So few that a process for each is bearable. */
const some = [
	"',process.exit(7)))//",
	'"; touch pwned; "',
	'$(touch pwned)',
	'x\u2028process.exit(7)',
	'-x',
	'ü😀\u200d',
];

for (const id of ['mosquitto', 'javascript'])
	test(`Mosquitto, ${id}: hostile texts arrive as they are`, async () => {
		// No control characters (MQTT 5, 1.5.4), no wildcards, and no "$" in front, which "#" does not match (4.7).
		const texts = (id === 'mosquitto' ? hostileTexts : some).filter(
			(text) => !/[\p{Cc}\p{Surrogate}#+]|^\$/u.test(text),
		);
		assert.ok(texts.length > 3);
		for (const text of texts) {
			published.length = 0;
			const copy = await sent('mqtt', draftOf('mqtt', text), `mqtt://127.0.0.1:${broker.port}`, id);
			const [packet] = await eventually('the message arrives', () => {
				assert.equal(published.length, 1, copy);
				return published;
			});
			assert.equal(packet?.topic, text);
			assert.equal(hex(packet?.payload as Buffer), hex(Buffer.from(text)), copy);
			const { contentType, responseTopic, correlationData, userProperties } = packet?.properties ?? {};
			assert.deepEqual([contentType, responseTopic, correlationData?.toString()], [text, text, text]);
			const names = [...new Set([text, 'QoS', 'type'])];
			for (const name of names) assert.deepEqual([userProperties?.[name]].flat()[0], text, copy);
		}
	});

for (const id of ['amqp', 'javascript'])
	test(`RabbitMQ, ${id}: hostile texts arrive as they are`, async () => {
		const texts = id === 'amqp' ? hostileTexts : some;
		let arrived = 0;
		for (const text of texts) {
			delivered.length = 0;
			const draft = { ...draftOf('amqp', text), target: exchangeTarget('amq.topic', text) };
			const url = `amqp://admin:${passwords.admin}@127.0.0.1:${rabbit.port}`;
			const description = describe('amqp');
			assert.ok(description);
			// The sketch has no password: here it is needed.
			const sketch = { ...sketchOf(draft, description, url), url, username: undefined };
			const copy = copied(sketch as typeof sketch & { username?: string }, id);
			if (copy === undefined) {
				assert.ok(text.includes('!#:+'), text);
				continue;
			}
			const file = join(folder, id === 'javascript' ? 'a.mjs' : 'a.sh');
			writeFileSync(file, copy);
			await run(id === 'javascript' ? process.execPath : 'sh', [file], { timeout: 30_000 });
			const [message] = await eventually('the message arrives', () => {
				assert.equal(delivered.length, 1, copy);
				return delivered;
			});
			assert.equal(message?.fields.routingKey, wire(text), copy);
			assert.equal(hex(message?.content ?? Buffer.alloc(0)), hex(Buffer.from(text)), copy);
			const { contentType, contentEncoding, replyTo, headers = {} } = message?.properties ?? {};
			assert.deepEqual([contentType, contentEncoding, replyTo], [wire(text), wire(text), wire(text)]);
			const plain = wire(text).replace(/^\(text\) /, '');
			const values = Object.values(headers);
			for (const value of values) assert.equal(value, text.startsWith('(int)') ? 5 : plain, copy);
			arrived += values.length;
		}
		assert.ok(arrived > texts.length * 2, 'most headers arrive');
	});

/** Targets whose parts a tool could drop, join or take for something else. */
const targets = ['', '/', '//a', 'a//b', 'a/', '/a%2Fb?x%26y&z=', '?a', 'a?b?c=d', "it's/%24HOME"];
for (const id of ['coap', 'javascript'])
	test(`CoAP, ${id}: hostile texts arrive as they are`, async () => {
		const url = `coap://127.0.0.1:${(devices.address() as AddressInfo).port}`;
		const drafts = (id === 'coap' ? hostileTexts : some).map((text) => ({ text, draft: draftOf('coap', text) }));
		for (const target of targets)
			drafts.push({ text: 'x', draft: { verb: 'put', target, values: {}, payload: Buffer.from('-x') } });
		for (const { text, draft } of drafts) {
			asked.length = 0;
			const copy = await sent('coap', draft, url, id);
			if (copy === undefined) {
				assert.equal(text, '..');
				continue;
			}
			const packet = await eventually('the request arrives', () => {
				assert.ok(asked[0], copy);
				return asked[0];
			});
			const all = (name: string) =>
				packet.options.filter((one) => one.name === name).map(({ value }) => value.toString());
			const [, path = '', query] = /^\/?([^?]*)(?:\?([\s\S]*))?$/.exec(draft.target) ?? [];
			const split = (part: string | undefined, by: string) => (part ? part.split(by).map(decodeURIComponent) : []);
			const more = Array.isArray(draft.values.query) ? draft.values.query.map((one) => wire(String(one))) : [];
			assert.deepEqual(all('Uri-Path'), split(path, '/'), copy);
			assert.deepEqual(all('Uri-Query'), [...split(query, '&'), ...more], copy);
			assert.equal(hex(packet.payload), hex(draft.payload), copy);
			if (draft.values.uriHost) assert.ok(all('Uri-Host').includes(wire(text)), copy);
			// Its name for the option 2049.
			const named = 'OCF-Accept-Content-Format-Version';
			if (draft.values.options) assert.deepEqual(all(named), [Buffer.of(0x0a, 0xff).toString()], copy);
		}
	});
