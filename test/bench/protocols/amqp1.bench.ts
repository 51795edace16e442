import rhea from 'rhea';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/amqp1/adapter';
import { amqp1 } from '../../../src/protocols/amqp1/describe/describe';
import { medians, type Row } from '../rows';
import { processorClock as clock, counter, rateRow, rateThrough, withFlood } from './count';

const cases = [
	{ name: 'AMQP 1.0, 100 bytes', properties: 0, messages: 200_000 },
	{ name: 'AMQP 1.0, 100 bytes, with 3 properties', properties: 3, messages: 150_000 },
];
const rounds = 3;

/**
 * Messages per second of processor time through adapter, log and topic tree, compared with a bare rhea receiver that only counts.
 * Both accept each message.
 */
export async function bench(): Promise<Row[]> {
	const rows: Row[] = [];
	for (const { name, properties, messages } of cases) {
		await withFlood('flood-amqp1', { messages: messages + 10_000, payload: 100, properties }, async (port) => {
			const { bare, ours } = await medians(rounds, {
				bare: () => countBare(port, messages),
				ours: () => countOurs(port, messages),
			});
			rows.push(
				rateRow(`${name}: adapter, log and tree`, ours, ['bare rhea receiver that counts', bare], clock, '≥ 0.8'),
			);
		});
	}
	return rows;
}

async function countBare(port: number, messages: number): Promise<number> {
	const container = rhea.create_container({ id: 'bench' });
	container.on('disconnected', () => {});
	const connection = container.connect({ host: '127.0.0.1', port, username: 'anonymous', reconnect: false });
	const receiver = connection.open_receiver({ source: 'orders', credit_window: 1000 });
	const rate = await new Promise<number>((resolve) => {
		receiver.on('message', counter(messages, resolve, clock));
	});
	connection.close();
	return rate;
}

function countOurs(port: number, messages: number): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'amqp1', url: `amqp://127.0.0.1:${port}` },
		subscription: { target: 'orders', mode: 'consume' },
		...{ messages, clock },
		store: createStore(amqp1, defaultLimits),
	});
}
