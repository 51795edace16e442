import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { copyAs } from '../../src/files/commands/copy-as';
import { sketchOf } from '../../src/files/commands/sketch';
import type { Draft } from '../../src/model/message';
import { describe } from '../../src/protocols/descriptions';
import { eventually } from '../support/eventually';
import { type Mosquitto, startMosquitto } from '../support/mosquitto';
import { startWebSocketServer, type TestServer } from '../support/websocket-server';

const run = promisify(execFile);
/** Debian's packages belong to Debian's Python. */
const python = '/usr/bin/python3';
const mqtt = describe('mqtt');
const websocket = describe('websocket');
assert.ok(mqtt && websocket);

let broker: Mosquitto;
let server: TestServer;
let client: MqttClient;
let folder: string;
const got: IPublishPacket[] = [];

before(async () => {
	broker = await startMosquitto();
	server = await startWebSocketServer({});
	client = await connectAsync({ host: '127.0.0.1', port: broker.port, protocolVersion: 5 });
	client.on('message', (_topic, _payload, packet) => got.push(packet));
	await client.subscribeAsync('#', { qos: 2 });
	// Programs find the packages of this repository only from within it.
	folder = mkdtempSync(join('.cache', 'programs-'));
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	await client.endAsync();
	await Promise.all([broker.stop(), server.stop()]);
});

test('what the programs need is here', () => {
	const { status, stderr } = spawnSync(python, ['-c', 'import paho.mqtt.client, websockets'], { encoding: 'utf8' });
	assert.equal(status, 0, `Install python3-paho-mqtt and python3-websockets to run the generated programs. ${stderr}`);
});

const drafts: [string, Draft][] = [
	['plain', { verb: 'publish', target: 'p/plain', values: {}, payload: Buffer.from('hello') }],
	[
		'text that needs quoting',
		{
			verb: 'publish',
			target: 'p/it\'s "$HOME" `x` \\n ü😀',
			values: { qos: 1 },
			payload: Buffer.from('it\'s "$HOME" `x` \\n\n% ü😀\u2028'),
		},
	],
	[
		'every byte',
		{
			verb: 'publish',
			target: 'p/bytes',
			values: { qos: 2 },
			payload: Uint8Array.from({ length: 256 }, (_, at) => at),
		},
	],
	['empty', { verb: 'publish', target: 'p/empty', values: { qos: 1, retain: true }, payload: new Uint8Array() }],
	[
		'all options',
		{
			verb: 'publish',
			target: 'p/options',
			values: {
				qos: 1,
				contentType: 'text/plain; x="y"',
				responseTopic: 'p/back',
				correlationData: '0x6162',
				messageExpiry: 60,
				payloadFormat: true,
				userProperties: [
					['a', '1'],
					['a', "it's"],
				],
			},
			payload: Buffer.from('x'),
		},
	],
];

/** Runs what was copied and gives back the message that came. */
async function message(text: string, id: string): Promise<IPublishPacket> {
	got.length = 0;
	const file = join(folder, id === 'python' ? 'p.py' : id === 'javascript' ? 'p.mjs' : 'p.sh');
	writeFileSync(file, text);
	await run(id === 'python' ? python : id === 'javascript' ? process.execPath : 'sh', [file], { timeout: 30_000 });
	return eventually('the message arrives', () => {
		assert.equal(got.length, 1, text);
		return got[0] as IPublishPacket;
	});
}

for (const [name, draft] of drafts)
	for (const id of ['mosquitto', 'python', 'javascript'])
		test(`${id}: ${name}`, async () => {
			const text =
				copyAs(sketchOf(draft, mqtt, `mqtt://127.0.0.1:${broker.port}`)).find((one) => one.id === id)?.text ?? '';
			const packet = await message(text, id);
			assert.equal(packet.topic, draft.target);
			assert.deepEqual([...(packet.payload as Buffer)], [...draft.payload], text);
			assert.equal(packet.qos, draft.values.qos ?? 0);
			const {
				contentType,
				responseTopic,
				correlationData,
				messageExpiryInterval,
				payloadFormatIndicator,
				userProperties,
			} = packet.properties ?? {};
			assert.equal(contentType, draft.values.contentType);
			assert.equal(responseTopic, draft.values.responseTopic);
			assert.equal(correlationData?.toString('hex'), draft.values.correlationData && '6162');
			assert.equal(messageExpiryInterval, draft.values.messageExpiry);
			assert.equal(payloadFormatIndicator, draft.values.payloadFormat);
			assert.deepEqual({ ...userProperties }, draft.values.userProperties ? { a: ['1', "it's"] } : {});
		});

const frames: [string, Draft][] = [
	['text', { verb: 'send', target: '', values: {}, payload: Buffer.from('it\'s "ü😀"\n') }],
	[
		'binary',
		{ verb: 'send', target: '', values: { type: 'binary' }, payload: Uint8Array.from({ length: 256 }, (_, at) => at) },
	],
];
for (const [name, draft] of frames)
	for (const id of ['python', 'javascript'])
		test(`WebSocket, ${id}: ${name}`, async () => {
			await server.received();
			const text =
				copyAs(sketchOf(draft, websocket, `ws://127.0.0.1:${server.port}/x`)).find((one) => one.id === id)?.text ?? '';
			const file = join(folder, id === 'python' ? 'w.py' : 'w.mjs');
			writeFileSync(file, text);
			await run(id === 'python' ? python : process.execPath, [file], { timeout: 30_000 });
			const received = await server.received();
			assert.deepEqual(
				received.map(({ data, binary }) => [[...data], binary]),
				[[[...draft.payload], name === 'binary']],
				text,
			);
		});
