import { fork } from 'node:child_process';
import { once } from 'node:events';
import WebSocket from 'ws';
import { createStore } from '../../src/engine/store';
import { defaultLimits } from '../../src/model/session';
import { deafSink } from '../../src/protocols/shared/deaf-sink';
import { adapter } from '../../src/protocols/websocket/adapter';
import { websocket } from '../../src/protocols/websocket/describe';

const messages = 1_000_000;
const rounds = 3;
const port = 22_190;
const url = `ws://127.0.0.1:${port}/`;

/** Messages a second through adapter, log and tree, against a bare ws client that only counts. */
export async function bench(): Promise<
	{ name: string; value: string; reference?: string; ratio?: number; goal?: string }[]
> {
	const server = fork('test/bench/flood-websocket.mjs', [JSON.stringify({ port, messages, payload: 100 })]);
	await once(server, 'message');
	const bare: number[] = [];
	const ours: number[] = [];
	const grouped: number[] = [];
	try {
		for (let round = 0; round < rounds; round++) {
			bare.push(await countBare());
			ours.push(await countOurs());
			grouped.push(await countOurs('type'));
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
		const count = counter((rate) => {
			client.terminate();
			resolve(rate);
		});
		client.on('error', reject);
		client.on('message', count);
	});
}

async function countOurs(groupBy?: string): Promise<number> {
	const store = createStore(websocket, defaultLimits);
	let finish: (rate: number) => void = () => {};
	const finished = new Promise<number>((resolve) => {
		finish = resolve;
	});
	const count = counter((rate) => finish(rate));
	const link = await adapter.connect({
		profile: { id: 'bench', name: 'Bench', protocol: 'websocket', url, values: { groupBy }, subscriptions: [] },
		secrets: {},
		limits: defaultLimits,
		signal: new AbortController().signal,
		memory: new Map(),
		step() {},
		found() {},
		sink: {
			...deafSink,
			message(target, payload, flags, meta) {
				count();
				return store.append(target, payload, flags, meta);
			},
		},
	});
	const rate = await Promise.race([
		finished,
		link.ended.then((failure) => {
			throw new Error(`The link ended early: ${failure?.message}`);
		}),
	]);
	link.destroy();
	return rate;
}

/** Messages a second from the first to the last of them. */
function counter(done: (rate: number) => void): () => void {
	let received = 0;
	let began = 0;
	return () => {
		if (received++ === 0) began = performance.now();
		if (received === messages) done((messages / (performance.now() - began)) * 1000);
	};
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function perSecond(rate: number): string {
	return `${Math.round(rate / 1000).toLocaleString('en-US')},000/s`;
}
