import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { copyAs } from '../../../src/files/exchange/copy-as';
import { sketchOf } from '../../../src/files/exchange/sketch';
import type { Draft } from '../../../src/model/contracts/message';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { describe } from '../../../src/protocols/descriptions';
import { eventually } from '../../support/run/eventually';
import { type CoapTestServer, coapClient, startCoapServer } from '../../support/servers/coap-server';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { pki } from '../../support/servers/pki';
import { startWebSocketServer, type TestServer } from '../../support/servers/websocket/websocket-server';
import { startProsody } from '../../support/servers/xmpp/prosody';
import { type RawClient, rawClient } from '../../support/servers/xmpp/xmpp-client';
import type { XmppServer } from '../../support/servers/xmpp/xmpp-server';

const run = promisify(execFile);
/** Debian's packages belong to Debian's Python. */
const python = '/usr/bin/python3';
const mqtt = describe('mqtt');
const websocket = describe('websocket');
const coap = describe('coap');
const xmpp = describe('xmpp');
assert.ok(mqtt && websocket && coap && xmpp);

/** Her password, and everybody's. */
const alice = 'pässword';

let broker: Mosquitto;
let server: TestServer;
let client: MqttClient;
let devices: CoapTestServer;
let prosody: XmppServer;
let bob: RawClient;
let folder: string;
const got: IPublishPacket[] = [];

before(async () => {
	broker = await startMosquitto();
	server = await startWebSocketServer({});
	devices = await startCoapServer();
	prosody = await startProsody({ users: { alice, bob: alice } });
	bob = await rawClient(prosody.port, 'bob', alice);
	client = await connectAsync({ host: '127.0.0.1', port: broker.port, protocolVersion: 5 });
	client.on('message', (_topic, _payload, packet) => got.push(packet));
	await client.subscribeAsync('#', { qos: 2 });
	// Programs find the packages of this repository only from within it.
	folder = mkdtempSync(join('.cache', 'programs-'));
});
after(async () => {
	rmSync(folder, { recursive: true, force: true });
	await client.endAsync();
	bob.end();
	await Promise.all([broker.stop(), server.stop(), devices.stop(), prosody.stop()]);
});

test('what the programs need is here', () => {
	const { status, stderr } = spawnSync(python, ['-c', 'import paho.mqtt.client, slixmpp, websockets'], {
		encoding: 'utf8',
	});
	assert.equal(
		status,
		0,
		`Install python3-paho-mqtt, python3-slixmpp and python3-websockets to run the generated programs. ${stderr}`,
	);
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
				(await copyAs(sketchOf(draft, mqtt, `mqtt://127.0.0.1:${broker.port}`))).find((one) => one.id === id)?.text ??
				'';
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
				(await copyAs(sketchOf(draft, websocket, `ws://127.0.0.1:${server.port}/x`))).find((one) => one.id === id)
					?.text ?? '';
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

/** What is copied of a draft, in one of the ways. */
const copied = async (draft: Draft, protocol: ProtocolDescription, url: string, id: string) =>
	(await copyAs({ ...sketchOf(draft, protocol, url), ...(protocol === xmpp && { username: 'alice' }) })).find(
		(one) => one.id === id,
	)?.text ?? '';

const resource = "it's $HOME ü/";
for (const id of ['coap', 'javascript'])
	test(`CoAP, ${id}: every byte is put, and asked for again`, async () => {
		const url = `coap://127.0.0.1:${devices.port}`;
		const file = join(folder, id === 'coap' ? 'c.sh' : 'c.mjs');
		const send = async (draft: Draft) => {
			const text = (await copied(draft, coap, url, id)).replaceAll('coap-client ', 'coap-client-notls ');
			writeFileSync(file, text);
			const { stdout } = await run(id === 'coap' ? 'sh' : process.execPath, [file], { timeout: 30_000 });
			return stdout;
		};
		const target = `${encodeURIComponent(resource)}/${id}`;
		const every = Uint8Array.from({ length: 256 }, (_, at) => at);
		for (const payload of [every, Uint8Array.from({ length: 3000 }, (_, at) => at), Buffer.from('text')]) {
			await send({ verb: 'put', target, values: { contentFormat: 'application/octet-stream' }, payload });
			const { out } = await coapClient(`${url}/${target}`);
			// Its client prints bytes as they are, and a line's end behind them.
			assert.deepEqual([...out.subarray(0, payload.length)], [...payload]);
		}
		const asked = await send({ verb: 'get', target, values: { query: ['a=b', 'c'] }, payload: new Uint8Array() });
		assert.match(asked, /text/);
	});

const stanzas: [string, Draft, string][] = [
	[
		'message',
		{
			verb: 'message',
			target: 'bob@localhost',
			values: { type: 'headline', subject: 'a "b" & <c>', thread: 't' },
			payload: Buffer.from('it\'s "$HOME" `x` \\n ü😀 <&>'),
		},
		'<subject>a &quot;b&quot; &amp; &lt;c&gt;</subject><body>it&apos;s &quot;$HOME&quot; `x` \\n ü😀 &lt;&amp;&gt;</body><thread>t</thread>',
	],
	[
		'raw XML',
		{
			verb: 'stanza',
			target: '',
			values: {},
			payload: Buffer.from("<message to='bob@localhost' type='headline'><x xmlns='urn:x'/><body>raw</body></message>"),
		},
		'<body>raw</body>',
	],
	[
		'IQ',
		{
			verb: 'iq',
			target: 'bob@localhost/raw',
			values: { preset: 'payload', type: 'set', id: 'q1' },
			payload: Buffer.from("<x xmlns='urn:y'>asked</x>"),
		},
		"<x xmlns='urn:y'>asked</x>",
	],
];
for (const id of ['python', 'javascript'])
	test(`XMPP, ${id}: stanzas of all kinds arrive, over TLS that is checked`, async () => {
		const env = { ...process.env, SSL_CERT_FILE: pki().ca, NODE_EXTRA_CA_CERTS: pki().ca };
		await Promise.all(
			stanzas.map(async ([name, draft, expected], at) => {
				const text = await copied(draft, xmpp, `xmpp://localhost:${prosody.port}`, id);
				assert.ok(!text.includes(alice));
				const file = join(folder, `x${at}.${id === 'python' ? 'py' : 'mjs'}`);
				writeFileSync(file, text.replace('PASSWORD', alice));
				const before = bob.received.split(expected).length;
				await run(id === 'python' ? python : process.execPath, [file], { timeout: 30_000, env });
				await eventually(`${name} arrives`, () =>
					assert.equal(bob.received.split(expected).length, before + 1, `${text}\n${bob.received}`),
				);
			}),
		);
	});

test('XMPP: a certificate that nobody vouches for gets no password', async () => {
	const [, draft] = stanzas[0] as [string, Draft, string];
	for (const id of ['python', 'javascript']) {
		const text = (await copied(draft, xmpp, `xmpp://localhost:${prosody.port}`, id)).replace('30)', '3)');
		const file = join(folder, `n.${id === 'python' ? 'py' : 'mjs'}`);
		writeFileSync(file, text.replace('PASSWORD', alice));
		await assert.rejects(run(id === 'python' ? python : process.execPath, [file], { timeout: 30_000 }));
	}
});
