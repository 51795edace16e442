import { fork } from 'node:child_process';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/socketio/adapter';
import { socketio } from '../../../src/protocols/socketio/describe/describe';
import { counter, median, processorTime as now, rateThrough } from './count';

const messages = 300_000;
const rounds = 3;
const port = 22_191;
const url = `http://127.0.0.1:${port}/`;

/** Events per second of processor time through adapter, log and tree, compared with a bare socket.io-client that only counts. */
export async function bench(): Promise<
	{ name: string; value: string; reference?: string; ratio?: number; goal?: string }[]
> {
	const server = fork('test/bench/floods/flood-socketio.mjs', [JSON.stringify({ port, messages, payload: 100 })]);
	await once(server, 'message');
	const bare: number[] = [];
	const tapped: number[] = [];
	const ours: number[] = [];
	try {
		for (let round = 0; round < rounds; round++) {
			bare.push(await countBare());
			tapped.push(await countBare(true));
			ours.push(
				await rateThrough({
					adapter,
					profile: { protocol: 'socketio', url },
					...{ messages, now },
					store: createStore(socketio, defaultLimits),
				}),
			);
		}
	} finally {
		server.kill();
		await once(server, 'exit');
	}
	const reference = `bare socket.io-client that counts: ${perSecond(median(bare))}`;
	return [
		{
			name: 'Socket.IO, events of 100 bytes: adapter, log and tree',
			value: perSecond(median(ours)),
			reference,
			ratio: median(ours) / median(bare),
			goal: '≥ 0.8',
		},
		{
			name: 'Socket.IO, the library with its packets into the log as text',
			value: perSecond(median(tapped)),
			reference,
			ratio: median(tapped) / median(bare),
		},
	];
}

/** `tap`: takes the packets of the library as an adapter on it would have to, to keep the bytes of the arguments. */
function countBare(tap = false): Promise<number> {
	return new Promise((resolve, reject) => {
		const client = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
		const store = tap ? createStore(socketio, defaultLimits) : undefined;
		const count = counter(
			messages,
			(rate) => {
				client.close();
				resolve(rate);
			},
			now,
		);
		let text = '';
		client.on('connect_error', reject);
		client.io.engine.on('packet', ({ data }: { data?: unknown }) => {
			text = typeof data === 'string' ? data : '';
		});
		client.onAny((name: string) => {
			store?.append(name, Buffer.from(text.slice(text.indexOf('[') + name.length + 4)), 0);
			count();
		});
	});
}

function perSecond(rate: number): string {
	return `${Math.round(rate / 1000).toLocaleString('en')} thousand/s of processor`;
}
