import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { Subscription } from '../../../src/model/profile/profile';
import type { Adapter } from '../../../src/protocols/adapter';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { adapter } from '../../../src/protocols/mqtt/adapter';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';
import { medians, type Row } from '../rows';
import { processorClock as clock, rateRow, rateThrough, withFlood } from './count';

interface Case {
	name: string;
	server: string;
	options: object;
	adapter: Adapter;
	description: ProtocolDescription;
	scheme: string;
	values: Values;
	subscription: Subscription;
}

const cases: Case[] = [
	{
		...{ name: 'MQTT 5, QoS 1', server: 'flood-broker', options: { topics: 1000, properties: 0, qos: 1 } },
		...{ adapter, description: mqtt as ProtocolDescription, scheme: 'mqtt' },
		...{ values: { mqttVersion: '5' }, subscription: { target: '#', qos: 1 } },
	},
];
const messages = 300_000;
const rounds = 5;

/** Messages per second through adapter, log and tree: held and settled at once, against those that are acknowledged when logged. */
export async function bench(): Promise<Row[]> {
	const rows: Row[] = [];
	for (const { name, server, options, adapter, description, scheme, values, subscription } of cases)
		await withFlood(server, { messages: messages + 10_000, payload: 100, ...options }, async (port) => {
			const rate = (holds: boolean) =>
				rateThrough({
					...{ adapter, subscription, messages, clock, holds },
					profile: { protocol: description.id, url: `${scheme}://127.0.0.1:${port}`, values },
					store: createStore(description, defaultLimits),
				});
			const { usual, held } = await medians(rounds, { usual: () => rate(false), held: () => rate(true) });
			rows.push(rateRow(`${name}, 100 bytes, held and settled`, held, ['acknowledged when logged', usual], clock));
		});
	return rows;
}
