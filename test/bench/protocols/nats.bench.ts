import { connect } from '@nats-io/transport-node';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/nats/adapter';
import { nats } from '../../../src/protocols/nats/describe/describe';
import { medians, type Row } from '../rows';
import { processorClock as clock, counter, rateRow, rateThrough, withFlood } from './count';

interface Case {
	name: string;
	headers: boolean;
	messages: number;
}

/**
 * Enough messages to fill the log, as in a flood that lasts. With headers, 1.5 million fill it. Meanwhile fresh memory and the
 * collections of garbage that it causes cost more than anything else (0.7 to 0.8 of the library); behind that 1.0 to 1.2.
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
export async function bench(): Promise<Row[]> {
	const rows: Row[] = [];
	for (const one of cases) {
		const { name, headers, messages } = one;
		await withFlood('flood-nats', { messages, subjects: 1000, payload: 100, headers }, async (port) => {
			const { bare, ours } = await medians(rounds, {
				bare: () => countBare(one, port),
				ours: () => countOurs(one, port),
			});
			rows.push(
				rateRow(`${name}: adapter, log and tree`, ours, ['bare nats client that counts', bare], clock, '≥ 0.8'),
			);
		});
	}
	return rows;
}

async function countBare({ messages }: Case, port: number): Promise<number> {
	const client = await connect({ servers: `127.0.0.1:${port}`, reconnect: false });
	const rate = await new Promise<number>((resolve) => {
		const count = counter(messages, resolve, clock);
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
		...{ messages, clock },
		store: createStore(nats, defaultLimits),
	});
}
