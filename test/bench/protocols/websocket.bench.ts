import WebSocket from 'ws';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/websocket/adapter';
import { websocket } from '../../../src/protocols/websocket/describe/describe';
import { medians, type Row } from '../rows';
import { wallClock as clock, counter, rateRow, rateThrough, withFlood } from './count';

const messages = 1_000_000;
const rounds = 3;

/** Messages a second through adapter, log and tree, against a bare ws client that only counts. */
export async function bench(): Promise<Row[]> {
	return withFlood('flood-websocket', { messages, payload: 100 }, async (port) => {
		const url = `ws://127.0.0.1:${port}/`;
		/** Most of a flood that goes on meets a log that is full, in which nothing needs fresh memory. */
		const small = createStore(websocket, { ...defaultLimits, logMessages: messages / 5 });
		const { bare, ours, full, grouped } = await medians(rounds, {
			bare: () => countBare(url),
			ours: () => countOurs(url),
			full: () => countOurs(url, small),
			grouped: () => countOurs(url, undefined, 'type'),
		});
		const reference = ['bare ws client that counts', bare] as const;
		return [
			rateRow('WebSocket, text of 100 bytes: adapter, log and tree', ours, reference, clock, '≥ 0.8'),
			rateRow('WebSocket, text of 100 bytes, into a log that is full', full, reference, clock, '≥ 0.8'),
			rateRow('WebSocket, text of 100 bytes, grouped by a JSON field', grouped, reference, clock),
		];
	});
}

function countBare(url: string): Promise<number> {
	return new Promise((resolve, reject) => {
		const client = new WebSocket(url);
		const count = counter(
			messages,
			(rate) => {
				client.terminate();
				resolve(rate);
			},
			clock,
		);
		client.on('error', reject);
		client.on('message', count);
	});
}

function countOurs(url: string, store = createStore(websocket, defaultLimits), groupBy?: string): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'websocket', url, values: { groupBy } },
		...{ messages, clock },
		store,
	});
}
