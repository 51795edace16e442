import { connect as connectClient } from 'mqtt';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/mqtt/adapter';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';
import { medians, type Row } from '../rows';
import { wallClock as clock, counter, rateRow, rateThrough, withFlood } from './count';

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
		const { name, messages, properties } = one;
		await withFlood('flood-broker', { messages, topics: 1000, payload: 100, properties }, async (port) => {
			const { bare, ours, alone } = await medians(rounds, {
				bare: () => countBare(one, port),
				ours: () => countOurs(one, port, true),
				alone: () => countOurs(one, port, false),
			});
			const reference = ['bare mqtt client that counts', bare] as const;
			rows.push(
				rateRow(`${name}: adapter, log and tree`, ours, reference, clock, '≥ 0.8'),
				rateRow(`${name}: adapter alone`, alone, reference, clock),
			);
		});
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
		client.on('error', reject);
		client.on('connect', () => client.subscribe('#'));
		client.on(
			'message',
			counter(
				messages,
				(rate) => {
					client.end(true);
					resolve(rate);
				},
				clock,
			),
		);
	});
}

function countOurs({ version, messages }: Case, port: number, kept: boolean): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}`, values: { mqttVersion: version } },
		subscription: { target: '#' },
		...{ messages, clock },
		...(kept && { store: createStore(mqtt, defaultLimits) }),
	});
}
