import { io } from 'socket.io-client';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/socketio/adapter';
import { socketio } from '../../../src/protocols/socketio/describe/describe';
import { medians, type Row } from '../rows';
import { processorClock as clock, counter, rateRow, rateThrough, withFlood } from './count';

const messages = 300_000;
const rounds = 3;

/** Events per second of processor time through adapter, log and tree, compared with a bare socket.io-client that only counts. */
export async function bench(): Promise<Row[]> {
	return withFlood('flood-socketio', { messages, payload: 100 }, async (port) => {
		const url = `http://127.0.0.1:${port}/`;
		const { bare, tapped, ours } = await medians(rounds, {
			bare: () => countBare(url),
			tapped: () => countBare(url, true),
			ours: () =>
				rateThrough({
					adapter,
					profile: { protocol: 'socketio', url },
					...{ messages, clock },
					store: createStore(socketio, defaultLimits),
				}),
		});
		const reference = ['bare socket.io-client that counts', bare] as const;
		return [
			rateRow('Socket.IO, events of 100 bytes: adapter, log and tree', ours, reference, clock, '≥ 0.8'),
			rateRow('Socket.IO, the library with its packets into the log as text', tapped, reference, clock),
		];
	});
}

/** `tap`: takes the packets of the library as an adapter on it would have to, to keep the bytes of the arguments. */
function countBare(url: string, tap = false): Promise<number> {
	return new Promise((resolve, reject) => {
		const client = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
		const store = tap ? createStore(socketio, defaultLimits) : undefined;
		const count = counter(
			messages,
			(rate) => {
				client.close();
				resolve(rate);
			},
			clock,
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
