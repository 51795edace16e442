import { createSocket } from 'node:dgram';
import { request } from 'coap';
import { parse } from 'coap-packet';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/coap/adapter';
import { coap } from '../../../src/protocols/coap/describe/describe';
import { medians, type Row } from '../rows';
import { processorClock as clock, counter, rateRow, rateThrough, withFlood } from './count';

const messages = 100_000;
const rounds = 3;

/**
 * Notifications per second of processor time through adapter, log and tree, against the library's own client that only
 * counts, and against a bare socket that only reads them with coap-packet, acknowledges the confirmable ones and counts.
 * Not per second of the clock: the sender needs a call for each datagram, too, and waits for acknowledgements so that
 * none is lost, so that the reader is idle half of the time.
 */
export async function bench(): Promise<Row[]> {
	return withFlood('flood-coap', { messages, payload: 100 }, async (port) => {
		const { library, bare, ours } = await medians(rounds, {
			library: () => countLibrary(port),
			bare: () => countBare(port),
			ours: () => countOurs(port),
		});
		const name = 'CoAP, notifications of 100 bytes: adapter, log and tree';
		const socket = 'bare UDP socket with coap-packet that counts';
		return [
			rateRow(name, ours, ['bare coap client that counts', library], clock, '≥ 0.8'),
			rateRow('CoAP, the same against no client at all', ours, [socket, bare], clock),
		];
	});
}

function countLibrary(port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const asked = request({ host: '127.0.0.1', port, pathname: '/x', observe: true });
		asked.on('error', reject);
		asked.on('response', (response) => {
			const count = counter(
				messages,
				(rate) => {
					response.close();
					resolve(rate);
				},
				clock,
			);
			response.on('data', count);
		});
		asked.end();
	});
}

function countBare(port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const socket = createSocket('udp4');
		const count = counter(messages, (rate) => socket.close(() => resolve(rate)), clock);
		socket.on('error', reject);
		socket.on('message', (bytes) => {
			const message = parse(bytes);
			if (message.confirmable) socket.send(Buffer.of(0x60, 0, message.messageId >> 8, message.messageId & 255));
			count();
		});
		// GET with Observe 0 and Uri-Path "x".
		socket.connect(port, '127.0.0.1', () => socket.send(Buffer.of(0x44, 1, 0, 1, 1, 2, 3, 4, 0x60, 0x51, 0x78)));
	});
}

function countOurs(port: number): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'coap', url: `coap://127.0.0.1:${port}` },
		subscription: { target: 'x' },
		...{ messages, clock },
		store: createStore(coap, defaultLimits),
	});
}
