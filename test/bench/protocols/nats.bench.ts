import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from '@nats-io/transport-node';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/nats/adapter';
import { nats } from '../../../src/protocols/nats/describe/describe';
import { counter, median, processorTime as now, rateThrough } from './count';

interface Case {
	name: string;
	headers: boolean;
	messages: number;
}

/**
 * Enough messages to fill the log, as in a flood that lasts: while the log still grows, fresh memory costs more than anything
 * else (0.7 of the library with headers).
 */
const cases: Case[] = [
	{ name: 'NATS, 100 bytes, 1,000 subjects', headers: false, messages: 2_000_000 },
	{ name: 'NATS, 100 bytes, with 3 headers', headers: true, messages: 2_000_000 },
];
const rounds = 3;
const subject = 'flood.>';

/**
 * Messages per second of processor time through adapter, log and topic tree, compared with a bare client of the library of NATS
 * that only counts.
 */
export async function bench(): Promise<
	{ name: string; value: string; reference?: string; ratio?: number; goal?: string }[]
> {
	const rows = [];
	for (const one of cases) {
		const server = fork('test/bench/floods/flood-nats.mjs', [
			JSON.stringify({ messages: one.messages, subjects: 1000, payload: 100, headers: one.headers }),
		]);
		const [port] = (await once(server, 'message')) as [number];
		const ours: number[] = [];
		const bare: number[] = [];
		for (let round = 0; round < rounds; round++) {
			bare.push(await countBare(one, port));
			ours.push(await countOurs(one, port));
		}
		server.kill();
		await once(server, 'exit');
		rows.push({
			name: `${one.name}: adapter, log and tree`,
			value: perSecond(median(ours)),
			reference: `bare nats client that counts: ${perSecond(median(bare))}`,
			ratio: median(ours) / median(bare),
			goal: '≥ 0.8',
		});
	}
	return rows;
}

async function countBare({ messages }: Case, port: number): Promise<number> {
	const client = await connect({ servers: `127.0.0.1:${port}`, reconnect: false });
	const rate = await new Promise<number>((resolve) => {
		const count = counter(messages, resolve, now);
		client.subscribe(subject, { callback: () => count() });
	});
	void client.close();
	return rate;
}

function countOurs({ messages }: Case, port: number): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'nats', url: `nats://127.0.0.1:${port}` },
		subscription: { target: subject },
		...{ messages, now },
		store: createStore(nats, defaultLimits),
	});
}

function perSecond(value: number): string {
	return `${Math.round(value / 1000).toLocaleString('en')} thousand/s of processor`;
}
