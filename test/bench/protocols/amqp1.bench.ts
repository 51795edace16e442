import { fork } from 'node:child_process';
import { once } from 'node:events';
import rhea from 'rhea';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/amqp1/adapter';
import { amqp1 } from '../../../src/protocols/amqp1/describe/describe';
import { counter, median, processorTime as now, rateThrough } from './count';

interface Row {
	name: string;
	value: string;
	reference?: string;
	ratio?: number;
	goal?: string;
}

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
		const server = fork('test/bench/floods/flood-amqp1.mjs', [
			JSON.stringify({ messages: messages + 10_000, payload: 100, properties }),
		]);
		const [port] = (await once(server, 'message')) as [number];
		const ours: number[] = [];
		const bare: number[] = [];
		for (let round = 0; round < rounds; round++) {
			bare.push(await countBare(port, messages));
			ours.push(await countOurs(port, messages));
		}
		server.kill();
		await once(server, 'exit');
		rows.push({
			name: `${name}: adapter, log and tree`,
			value: perSecond(median(ours)),
			reference: `bare rhea receiver that counts: ${perSecond(median(bare))}`,
			ratio: median(ours) / median(bare),
			goal: '≥ 0.8',
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
		receiver.on('message', counter(messages, resolve, now));
	});
	connection.close();
	return rate;
}

function countOurs(port: number, messages: number): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'amqp1', url: `amqp://127.0.0.1:${port}` },
		subscription: { target: 'orders', mode: 'consume' },
		...{ messages, now },
		store: createStore(amqp1, defaultLimits),
	});
}

function perSecond(value: number): string {
	return `${Math.round(value / 1000).toLocaleString('en')} thousand/s of processor`;
}
