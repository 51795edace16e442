import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectClient } from 'mqtt';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/mqtt/adapter';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';
import { median, rateThrough } from './count';

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
		const broker = fork('test/bench/floods/flood-broker.mjs', [
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

function countOurs({ version, messages }: Case, port: number, kept: boolean): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}`, values: { mqttVersion: version } },
		subscription: { target: '#' },
		messages,
		...(kept && { store: createStore(mqtt, defaultLimits) }),
	});
}

function perSecond(value: number): string {
	return `${Math.round(value / 1000).toLocaleString('en')} thousand/s`;
}
