import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'amqplib';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/amqp/adapter';
import { amqp } from '../../../src/protocols/amqp/describe/describe';
import { counter, median, rateThrough } from './count';

interface Row {
	name: string;
	value: string;
	reference?: string;
	ratio?: number;
	goal?: string;
}

const cases = [
	{ name: 'AMQP, 100 bytes, 1,000 keys', headers: 0, messages: 500_000, goal: '≥ 0.8' },
	{ name: 'AMQP, 100 bytes, with 3 headers', headers: 3, messages: 300_000, goal: '≥ 1.3' },
];
const rounds = 3;

/** Processor time of this process in milliseconds: a ratio of it does not depend on what else the machine does. */
const now = (): number => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
};

/**
 * Messages per second of processor time through adapter, log and topic tree, compared with a bare amqplib consumer that only
 * counts.
 */
export async function bench(): Promise<Row[]> {
	const rows: Row[] = [];
	for (const { name, headers, messages, goal } of cases) {
		const server = fork('test/bench/floods/flood-amqp.mjs', [
			JSON.stringify({ messages: messages + 10_000, keys: 1000, payload: 100, headers }),
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
			reference: `bare amqplib consumer that counts: ${perSecond(median(bare))}`,
			ratio: median(ours) / median(bare),
			goal,
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
		channel.consume('q', counter(messages, resolve, now), { noAck: true }).catch(reject);
	});
	(model.connection as unknown as { stream: { destroy(): void } }).stream.destroy();
	return rate;
}

function countOurs(port: number, messages: number): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'amqp', url: `amqp://127.0.0.1:${port}`, values: { 'management.url': 'none' } },
		subscription: { target: 'exchange/orders/#' },
		...{ messages, now },
		store: createStore(amqp, defaultLimits),
	});
}

function perSecond(value: number): string {
	return `${Math.round(value / 1000).toLocaleString('en')} thousand/s of processor`;
}
