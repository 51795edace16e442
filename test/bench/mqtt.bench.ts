import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectClient } from 'mqtt';
import { createStore } from '../../src/engine/store';
import { defaultLimits } from '../../src/model/session';
import type { Sink } from '../../src/protocols/adapter';
import { adapter } from '../../src/protocols/mqtt/adapter';
import { mqtt } from '../../src/protocols/mqtt/describe';
import { deafSink } from '../../src/protocols/shared/deaf-sink';

export interface Row {
	name: string;
	value: string;
	reference?: string;
	ratio?: number;
	goal?: string;
}

interface Case {
	name: string;
	version: '3.1.1' | '5';
	properties: number;
	messages: number;
}

const cases: Case[] = [
	{ name: 'MQTT 3.1.1, QoS 0, 100 bytes, 1,000 topics', version: '3.1.1', properties: 0, messages: 1_000_000 },
	{ name: 'MQTT 5, QoS 0, 100 bytes, 1,000 topics', version: '5', properties: 0, messages: 1_000_000 },
	{ name: 'MQTT 5, QoS 0, 100 bytes, with 3 user properties', version: '5', properties: 3, messages: 300_000 },
];
const rounds = 3;

/** Messages a second through adapter, log and topic tree, against a bare mqtt.js client that only counts. */
export async function bench(): Promise<Row[]> {
	const rows: Row[] = [];
	for (const one of cases) {
		const broker = fork('test/bench/flood-broker.mjs', [
			JSON.stringify({ messages: one.messages, topics: 1000, payload: 100, properties: one.properties }),
		]);
		const [port] = (await once(broker, 'message')) as [number];
		const ours: number[] = [];
		const bare: number[] = [];
		const alone: number[] = [];
		for (let round = 0; round < rounds; round++) {
			bare.push(await countBare(one, port));
			ours.push(await countOurs(one, port, true));
			alone.push(await countOurs(one, port, false));
		}
		broker.kill();
		await once(broker, 'exit');
		const reference = perSecond(median(bare));
		rows.push(
			{
				name: `${one.name}: adapter, log and tree`,
				value: perSecond(median(ours)),
				reference: `bare mqtt client that counts: ${reference}`,
				ratio: median(ours) / median(bare),
				goal: '≥ 0.8',
			},
			{
				name: `${one.name}: adapter alone`,
				value: perSecond(median(alone)),
				reference: `bare mqtt client that counts: ${reference}`,
				ratio: median(alone) / median(bare),
			},
		);
	}
	return rows;
}

function countBare({ version, messages }: Case, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const client = connectClient({
			host: '127.0.0.1',
			port,
			protocol: 'mqtt',
			protocolVersion: version === '5' ? 5 : 4,
			reconnectPeriod: 0,
		});
		let received = 0;
		let began = 0;
		client.on('error', reject);
		client.on('connect', () => client.subscribe('#'));
		client.on('message', () => {
			if (received++ === 0) began = performance.now();
			if (received !== messages) return;
			client.end(true);
			resolve((messages / (performance.now() - began)) * 1000);
		});
	});
}

async function countOurs({ version, messages }: Case, port: number, kept: boolean): Promise<number> {
	const store = kept ? createStore(mqtt, defaultLimits) : undefined;
	let received = 0;
	let began = 0;
	let finish: (rate: number) => void = () => {};
	const finished = new Promise<number>((resolve) => {
		finish = resolve;
	});
	const sink: Sink = {
		...deafSink,
		message(target, payload, flags, meta) {
			if (received++ === 0) began = performance.now();
			store?.append(target, payload, flags, meta);
			if (received === messages) finish((messages / (performance.now() - began)) * 1000);
			return received;
		},
	};
	const link = await adapter.connect({
		profile: {
			...{ id: 'bench', name: 'Bench', protocol: 'mqtt', subscriptions: [] },
			url: `mqtt://127.0.0.1:${port}`,
			values: { mqttVersion: version },
		},
		secrets: {},
		limits: defaultLimits,
		signal: new AbortController().signal,
		step() {},
		found() {},
		sink,
		memory: new Map(),
	});
	void link.subscribe?.({ target: '#' });
	const rate = await Promise.race([
		finished,
		link.ended.then((failure) => {
			throw new Error(failure?.message ?? 'The link ended.');
		}),
	]);
	link.destroy();
	return rate;
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function perSecond(value: number): string {
	return `${Math.round(value / 1000).toLocaleString('en')} thousand/s`;
}
