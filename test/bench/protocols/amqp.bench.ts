import { connect } from 'amqplib';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/amqp/adapter';
import { amqp } from '../../../src/protocols/amqp/describe/describe';
import { medians, type Row } from '../rows';
import { processorClock as clock, counter, rateRow, rateThrough, withFlood } from './count';

const cases = [
	{ name: 'AMQP, 100 bytes, 1,000 keys', headers: 0, messages: 500_000, goal: '≥ 0.8' },
	{ name: 'AMQP, 100 bytes, with 3 headers', headers: 3, messages: 300_000, goal: '≥ 1.3' },
];
const rounds = 3;

/**
 * Messages per second of processor time through adapter, log and topic tree, compared with a bare amqplib consumer that only
 * counts.
 */
export async function bench(): Promise<Row[]> {
	const rows: Row[] = [];
	for (const { name, headers, messages, goal } of cases) {
		await withFlood('flood-amqp', { messages: messages + 10_000, keys: 1000, payload: 100, headers }, async (port) => {
			const { bare, ours } = await medians(rounds, {
				bare: () => countBare(port, messages),
				ours: () => countOurs(port, messages),
			});
			rows.push(
				rateRow(`${name}: adapter, log and tree`, ours, ['bare amqplib consumer that counts', bare], clock, goal),
			);
		});
	}
	return rows;
}

async function countBare(port: number, messages: number): Promise<number> {
	const model = await connect({ hostname: '127.0.0.1', port, heartbeat: 0 });
	model.on('error', () => {});
	const channel = await model.createChannel();
	channel.on('error', () => {});
	const rate = await new Promise<number>((resolve, reject) => {
		channel.consume('q', counter(messages, resolve, clock), { noAck: true }).catch(reject);
	});
	(model.connection as unknown as { stream: { destroy(): void } }).stream.destroy();
	return rate;
}

function countOurs(port: number, messages: number): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'amqp', url: `amqp://127.0.0.1:${port}`, values: { 'management.url': 'none' } },
		subscription: { target: 'exchange/orders/#' },
		...{ messages, clock },
		store: createStore(amqp, defaultLimits),
	});
}
