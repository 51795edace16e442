import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectNats } from '@nats-io/transport-node';
import { connectAsync } from 'mqtt';
import WebSocket from 'ws';
import { createHistogram } from '../../../src/base/histogram';
import { connect } from '../../../src/compare/connection';
import { measure } from '../../../src/compare/measure';
import { pace } from '../../../src/compare/pace';
import type { Guarantee } from '../../../src/protocols/comparison';
import { describe } from '../../../src/protocols/descriptions';
import { startMosquitto } from '../../support/servers/mosquitto';
import { startNats } from '../../support/servers/nats';
import { startWebSocketServer } from '../../support/servers/websocket/websocket-server';
import { pairedRatio, type Row } from '../rows';

/** Rounds of a fraction of a second: the two are measured in turn, in the same process and over the same server. */
const pairs = 31;
const rate = 1000;
const count = 200;
const target = 'measured';
const { signal } = new AbortController();

/** Two bare clients of a library. */
interface Bare {
	send(payload: Buffer): void;
	onMessage(listener: () => void): void;
	close(): unknown;
}

interface Case {
	protocol: string;
	guarantee: Guarantee;
	label: string;
	size: number;
	url: string;
	bare(url: string): Promise<Bare>;
}

/** The median round trip of messages at a fixed rate, as `compare` measures it, and of two clients of the bare library. */
export async function bench(): Promise<Row[]> {
	const [broker, nats, echo] = await Promise.all([
		startMosquitto(),
		startNats(),
		startWebSocketServer({ echo: true }),
	] as const);
	try {
		const rows: Row[] = [];
		const mqtt = { protocol: 'mqtt', url: `mqtt://127.0.0.1:${broker.port}` };
		const cases: Case[] = [16, 1024].flatMap((size): Case[] => [
			{ ...mqtt, guarantee: 'at-most-once', label: 'MQTT, QoS 0', size, bare: (url) => mqttClients(url, 0) },
			{ ...mqtt, guarantee: 'at-least-once', label: 'MQTT, QoS 1', size, bare: (url) => mqttClients(url, 1) },
			{
				...{ protocol: 'nats', guarantee: 'at-most-once', label: 'NATS', size },
				...{ url: `nats://127.0.0.1:${nats.port}`, bare: natsClients },
			},
			{
				...{ protocol: 'websocket', guarantee: 'at-most-once', label: 'WebSocket, echo', size },
				...{ url: `ws://127.0.0.1:${echo.port}`, bare: webSocketClient },
			},
		]);
		for (const one of cases) rows.push(...(await rowsOf(one)));
		return rows;
	} finally {
		await Promise.all([broker.stop(), nats.stop(), echo.stop()]);
	}
}

async function rowsOf({ protocol, guarantee, label, size, url, bare }: Case): Promise<Row[]> {
	const description = describe(protocol);
	const route = description?.comparison?.routes(target)[guarantee];
	if (!description || !route) throw new Error('There is no route.');
	const profile = { id: 'bench', name: 'bench', protocol, url, values: {}, subscriptions: [] };
	const subject = { name: 'bench', profile, secrets: {}, description, target };
	const sender = await connect(subject, signal);
	const receiver = route.echo ? sender : await connect(subject, signal);
	if (route.receive) await receiver.link.subscribe?.(route.receive, 'bench');
	const clients = await bare(url);
	try {
		const compared = async () => {
			const run = await measure({ sender, receiver, route, target, size, rate, count, signal });
			if (!run.latency || run.lost > 0) throw new Error(`${run.lost} messages were lost.`);
			return run.latency.p50;
		};
		const payload = Buffer.alloc(size, 'x');
		const links: Omit<Bare, 'close'> = {
			send: (payload) => void sender.link.send(sender.link.prepare({ ...route.send, target, payload })),
			onMessage: receiver.onMessage,
		};
		const name = `${label}, ${size} bytes`;
		const format = (ms: number) => `${(ms * 1000).toFixed(0)} µs`;
		return [
			await pairedRatio({
				...{ name: `${name}: round trip of compare`, pairs, format, goal: '≤ 1.05' },
				...{ own: compared, reference: 'two bare clients', bare: () => roundTrips(clients, payload) },
			}),
			await pairedRatio({
				...{ name: `${name}: what measuring adds`, pairs, format },
				...{ own: compared, reference: 'the same links, not measured', bare: () => roundTrips(links, payload) },
			}),
		];
	} finally {
		await Promise.all([sender.close(), receiver.close(), clients.close()]);
	}
}

/** Sends as `measure` does. Answers arrive in order, so that they need no number. */
async function roundTrips({ send, onMessage }: Omit<Bare, 'close'>, payload: Buffer): Promise<number> {
	const intended = new Float64Array(count);
	const latency = createHistogram();
	const all = new Promise<void>((resolve) =>
		onMessage(() => {
			latency.add(performance.now() - (intended[latency.count] as number));
			if (latency.count === count) resolve();
		}),
	);
	await pace(
		count,
		rate,
		(sequence, due) => {
			intended[sequence] = due;
			send(payload);
			return true;
		},
		signal,
	);
	await all;
	return latency.at(0.5);
}

/** On a topic of their own: each message is delivered once. */
async function mqttClients(url: string, qos: 0 | 1): Promise<Bare> {
	const [sender, receiver] = await Promise.all([
		connectAsync(url, { protocolVersion: 5 }),
		connectAsync(url, { protocolVersion: 5 }),
	]);
	// As the links have it.
	for (const { stream } of [sender, receiver]) (stream as Socket).setNoDelay(true);
	await receiver.subscribeAsync('bare', { qos });
	return {
		send: (payload) => void sender.publish('bare', payload, { qos }),
		onMessage: (listener) => void receiver.removeAllListeners('message').on('message', listener),
		close: () => Promise.all([sender.endAsync(true), receiver.endAsync(true)]),
	};
}

async function natsClients(url: string): Promise<Bare> {
	const servers = new URL(url).host;
	const [sender, receiver] = await Promise.all([connectNats({ servers }), connectNats({ servers })]);
	let listener = () => {};
	receiver.subscribe('bare', { callback: () => listener() });
	await receiver.flush();
	return {
		send: (payload) => sender.publish('bare', payload),
		onMessage: (next) => {
			listener = next;
		},
		close: () => Promise.all([sender.close(), receiver.close()]),
	};
}

async function webSocketClient(url: string): Promise<Bare> {
	const client = new WebSocket(url);
	await once(client, 'open');
	return {
		send: (payload) => client.send(payload, { binary: false }),
		onMessage: (listener) => void client.removeAllListeners('message').on('message', listener),
		close: () => client.terminate(),
	};
}
