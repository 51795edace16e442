import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { connectAsync, type MqttClient } from 'mqtt';
import { FailureError } from '../../../src/base/failure';
import type { SimulationData } from '../../../src/files/simulation/contract';
import type { SimulationProgress, SimulationReport } from '../../../src/files/simulation/report';
import { simulationOf } from '../../../src/files/simulation/settings';
import { parse } from '../../../src/files/syntax/parse';
import { runInThread } from '../../../src/host/message-files/run/simulation-thread';
import { defaultLimits } from '../../../src/model/contracts/session';
import { buildCli, type Cli, objects } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { smallBroker } from '../../support/servers/small-broker';
import { resolved } from '../suite/attempt';

let cli: Cli;
let broker: Mosquitto;
let folder: string;
let subscriber: MqttClient;
const received: { topic: string; payload: Buffer; properties: Record<string, unknown> }[] = [];
const worker = resolve('.cache', `simulation-${process.pid}`);

before(async () => {
	cli = await buildCli();
	const { targets } = (await import(pathToFileURL('scripts/build.mjs').href)) as { targets: BuildOptions[] };
	const engine = targets.find(({ entryPoints }) => entryPoints && 'simulation' in entryPoints);
	await build({ ...engine, entryPoints: { simulation: 'src/simulation/worker.ts' }, outdir: worker, sourcemap: false });
	broker = await startMosquitto();
	folder = mkdtempSync(join(tmpdir(), 'messages-'));
	subscriber = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 5 });
	subscriber.on('message', (topic, payload, { properties }) =>
		received.push({ topic, payload, properties: { ...properties?.userProperties } }),
	);
	await subscriber.subscribeAsync('farm/#', { qos: 1 });
});
after(async () => {
	await subscriber.endAsync();
	cli.remove();
	for (const path of [folder, worker]) rmSync(path, { recursive: true, force: true });
	await broker.stop();
});

/** `$B`: the URL of the broker. */
const written = (text: string) => text.replaceAll('$B', `mqtt://127.0.0.1:${broker.port}`);
function file(text: string): string {
	writeFileSync(join(folder, 'a.messages'), written(text));
	return 'a.messages';
}
const env = { MESSAGING_WORKBENCH_SECRET_DEVICEKEY: 'canary-key-5' };
const reportOf = (out: Buffer) => objects(out)[0]?.simulation as SimulationReport;

test('50 clients publish to topics of their own at a rate, and the receiver verifies each signature', async () => {
	received.length = 0;
	// By count: at the end of a time, a busy machine leaves messages unsent.
	const path = file(`# @clients 50
# @rate 500/s
# @loop for 20
PUBLISH farm/{{$client}}/soil
Host: $B
QoS: 1
X-Signature: {{$hmac sha256 deviceKey}}

{ "n": {{$counter}}, "nonce": "{{$nonce}}", "moisture": {{$wave 10 40 60s}}, "at": {{$timestamp}} }`);
	const junit = join(folder, 'report.xml');
	const { out, err, code } = await cli.run(['run', '--json', '--junit', junit, path], { cwd: folder, env });
	assert.equal(code, 0, `${out}${err}`);
	assert.doesNotMatch(`${out}${err}`, /canary-key-5/);
	assert.match(
		readFileSync(junit, 'utf8'),
		/<system-out>Clients: 50 of 50 connected\nMessages: 1,000 sent, 1,000 acknowledged/,
	);
	const report = reportOf(out);
	// What the schedule intends: message k after 2 k milliseconds, from client k modulo 50.
	assert.equal(report.acknowledged, 1000);
	assert.deepEqual(report.clients, { wanted: 50, connected: 50, refused: 0, lost: 0 });
	await eventually('all messages arrive', () => assert.ok(received.length === 1000));
	const byTopic = new Map<string, typeof received>();
	for (const one of received) byTopic.set(one.topic, [...(byTopic.get(one.topic) ?? []), one]);
	assert.equal(byTopic.size, 50);
	for (const list of byTopic.values())
		assert.deepEqual(
			list.map(({ payload }) => JSON.parse(String(payload)).n),
			Array.from({ length: 20 }, (_, at) => at + 1),
		);
	for (const { payload, properties } of received)
		assert.equal(properties['X-Signature'], createHmac('sha256', 'canary-key-5').update(payload).digest('hex'));
	assert.equal(new Set(received.map(({ payload }) => JSON.parse(String(payload)).nonce)).size, 1000);
	// Only the subscriber is left.
	await eventually('all connections are closed', () => assert.equal(broker.connections(), 1));
});

test('each client has an id of its own', async () => {
	const small = await smallBroker((client, { cmd }) => {
		if (cmd === 'connect') client.send({ cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false });
	});
	try {
		const path = file(`# @clients 5\nPUBLISH a\nHost: mqtt://127.0.0.1:${small.port}\n\nx`);
		const { code, out, err } = await cli.run(['run', path], { cwd: folder });
		assert.equal(code, 0, `${out}${err}`);
		const ids = small.packets.filter(({ cmd }) => cmd === 'connect').map(({ clientId }) => String(clientId));
		assert.deepEqual(ids.map((id) => id.replace(/^simulation-[0-9a-f]{6}-/, '')).sort(), ['1', '2', '3', '4', '5']);
	} finally {
		await small.close();
	}
});

test('clients that the broker refuses are counted and named, and the others send', async () => {
	// A broker that takes 10 connections. Mosquitto counts them wrongly once it has refused one (max_connections, 2.0.11).
	const full = await smallBroker((client, { cmd, messageId }) => {
		const quotaExceeded = 0x97;
		if (cmd === 'publish') client.send({ cmd: 'puback', messageId, reasonCode: 0 });
		else if (cmd === 'connect' && client.index < 10)
			client.send({ cmd: 'connack', reasonCode: 0, sessionPresent: false });
		else if (cmd === 'connect') client.send({ cmd: 'connack', reasonCode: quotaExceeded, sessionPresent: false });
	});
	try {
		const text = `# @clients 12\n# @rate 120/s\n# @loop for 5\nPUBLISH a\nHost: mqtt://127.0.0.1:${full.port}\nQoS: 1\n\nx`;
		const { code, out } = await cli.run(['run', '--json', file(text)], { cwd: folder });
		assert.equal(code, 1);
		const report = reportOf(out);
		assert.deepEqual(report.clients, { wanted: 12, connected: 10, refused: 2, lost: 0 });
		assert.deepEqual([report.acknowledged, report.skipped], [50, 10]);
		assert.equal(report.reasons.length, 2);
		for (const reason of report.reasons) assert.match(reason.text, /^Client 1?\d: .*quota/i);
		assert.match(JSON.stringify(objects(out)[0]?.failure), /2 of 12 clients could not connect/);
	} finally {
		await full.close();
	}
});

test('a stop ends it: what was sent is counted and every connection is closed', async () => {
	const path = file('# @clients 20\n# @rate 1000/s\n# @keepStreaming\nPUBLISH farm/stop\nHost: $B\nQoS: 1\n\nx');
	received.length = 0;
	const child = cli.start(['run', '--json', path], { cwd: folder });
	const out: Buffer[] = [];
	child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
	await eventually('all messages arrive', () => assert.ok(received.length > 100));
	child.kill('SIGINT');
	const [code] = await once(child, 'close');
	assert.equal(code, 130);
	const report = reportOf(Buffer.concat(out));
	assert.ok(report.sent > 100);
	await eventually('all messages arrive', () => assert.ok(received.length >= report.acknowledged));
	assert.ok(received.length <= report.sent, `${received.length} of ${report.sent}`);
	await eventually('all connections are closed', () => assert.ok(broker.connections() === 1));
});

test('a stop while clients connect to a peer that does not answer ends it', async () => {
	const silent = await smallBroker(() => {});
	try {
		const path = file(`# @clients 30\nPUBLISH a\nHost: mqtt://127.0.0.1:${silent.port}\n\nx`);
		const child = cli.start(['run', '--json', path], { cwd: folder });
		await eventually('clients connect', () => assert.ok(silent.packets.length >= 5));
		child.kill('SIGINT');
		const [code] = await once(child, 'close');
		assert.equal(code, 130);
	} finally {
		await silent.close();
	}
});

/** A simulation in the thread in which the editor runs it. */
function inThread(text: string, options: Partial<Parameters<typeof runInThread>[0]> = {}) {
	const source = written(text);
	const [section] = parse(source).sections;
	assert.ok(section);
	const simulation = simulationOf(parse(source), section, Number.POSITIVE_INFINITY);
	assert.ok(simulation);
	const data: SimulationData = {
		...{ text: source, start: section.start, simulation, protocol: 'mqtt', timeout: 10_000 },
		...{
			values: [['place', 'farm']],
			secretValues: [],
			dotenv: [],
			secrets: [['deviceKey', 'canary-key-5']],
			received: [],
		},
	};
	return runInThread({
		...{ path: join(worker, 'simulation.mjs'), data, signal: new AbortController().signal },
		request: async () => ({
			...{ profile: resolved('mqtt', `mqtt://127.0.0.1:${broker.port}`), secrets: {}, reconnect: false },
			limits: defaultLimits,
		}),
		readFile: async () => Buffer.from('from a file {{$client}}'),
		onProgress() {},
		onOutput() {},
		...options,
	});
}

test('in a thread: the environment, files and secrets are those of the editor', async () => {
	received.length = 0;
	const { result, hidden } = await inThread(
		'# @clients 3\n# @loop for 2\nPUBLISH {{place}}/x\nQoS: 1\nX-Signature: {{$hmac sha256 deviceKey}}\n\n<@ ./body.txt',
	);
	assert.equal(result.ending, 'passed', JSON.stringify(result));
	await eventually('all messages arrive', () => assert.ok(received.length === 6));
	assert.deepEqual(
		received.map(({ payload }) => String(payload)).sort(),
		[1, 1, 2, 2, 3, 3].map((client) => `from a file ${client}`),
	);
	for (const { payload, properties } of received)
		assert.equal(properties['X-Signature'], createHmac('sha256', 'canary-key-5').update(payload).digest('hex'));
	assert.deepEqual(hidden, ['canary-key-5']);
});

test('in a thread: reports its progress, and a stop ends it', async () => {
	const stop = new AbortController();
	const seen: SimulationProgress[] = [];
	const { result } = await inThread('# @clients 5\n# @rate 200/s\nPUBLISH farm/x\nQoS: 1\n\nx', {
		signal: stop.signal,
		onProgress(progress) {
			seen.push(progress);
			if (progress.sent > 50) stop.abort();
		},
	});
	assert.equal(result.ending, 'stopped');
	assert.ok((result.simulation?.sent ?? 0) > 50);
	assert.ok(seen.some(({ phase, p99 }) => phase === 'sending' && p99 !== undefined));
	await eventually('all connections are closed', () => assert.ok(broker.connections() === 1));
});

test('in a thread: a refused question is the reason of each client', async () => {
	const { result } = await inThread('# @clients 2\nPUBLISH farm/x\n\nx', {
		async request() {
			throw new FailureError({ code: 'cancelled', message: 'Nothing was sent to “Plant”.' });
		},
	});
	assert.equal(result.ending, 'unconnected');
	assert.match(result.simulation?.reasons[0]?.text ?? '', /Client 1: Nothing was sent to “Plant”\./);
});
