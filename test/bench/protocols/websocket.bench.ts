import { fork } from 'node:child_process';
import { once } from 'node:events';
import WebSocket from 'ws';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/websocket/adapter';
import { websocket } from '../../../src/protocols/websocket/describe/describe';
import { counter, median, rateThrough } from './count';

const messages = 1_000_000;
const rounds = 3;
const port = 22_190;
const url = `ws://127.0.0.1:${port}/`;

/** Messages a second through adapter, log and tree, against a bare ws client that only counts. */
export async function bench(): Promise<
	{ name: string; value: string; reference?: string; ratio?: number; goal?: string }[]
> {
	const server = fork('test/bench/floods/flood-websocket.mjs', [JSON.stringify({ port, messages, payload: 100 })]);
	await once(server, 'message');
	const bare: number[] = [];
	const ours: number[] = [];
	const grouped: number[] = [];
	const full: number[] = [];
	/** Most of a flood that goes on meets a log that is full, in which nothing needs fresh memory. */
	const small = createStore(websocket, { ...defaultLimits, logMessages: messages / 5 });
	try {
		for (let round = 0; round < rounds; round++) {
			bare.push(await countBare());
			ours.push(await countOurs());
			full.push(await countOurs(small));
			grouped.push(await countOurs(undefined, 'type'));
		}
	} finally {
		server.kill();
		await once(server, 'exit');
	}
	const reference = `bare ws client that counts: ${perSecond(median(bare))}`;
	return [
		{
			name: 'WebSocket, text of 100 bytes: adapter, log and tree',
			value: perSecond(median(ours)),
			reference,
			ratio: median(ours) / median(bare),
			goal: '≥ 0.8',
		},
		{
			name: 'WebSocket, text of 100 bytes, into a log that is full',
			value: perSecond(median(full)),
			reference,
			ratio: median(full) / median(bare),
			goal: '≥ 0.8',
		},
		{
			name: 'WebSocket, text of 100 bytes, grouped by a JSON field',
			value: perSecond(median(grouped)),
			reference,
			ratio: median(grouped) / median(bare),
		},
	];
}

function countBare(): Promise<number> {
	return new Promise((resolve, reject) => {
		const client = new WebSocket(url);
		const count = counter(messages, (rate) => {
			client.terminate();
			resolve(rate);
		});
		client.on('error', reject);
		client.on('message', count);
	});
}

function countOurs(store = createStore(websocket, defaultLimits), groupBy?: string): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'websocket', url, values: { groupBy } },
		messages,
		store,
	});
}

function perSecond(rate: number): string {
	return `${Math.round(rate / 1000).toLocaleString('en-US')},000/s`;
}
