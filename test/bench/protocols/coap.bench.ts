import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { request } from 'coap';
import { parse } from 'coap-packet';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/coap/adapter';
import { coap } from '../../../src/protocols/coap/describe/describe';
import { counter, median, rateThrough } from './count';

const messages = 100_000;
const rounds = 3;
const port = 22_195;

/**
 * Notifications per second of processor time through adapter, log and tree, against the library's own client that only
 * counts, and against a bare socket that only reads them with coap-packet, acknowledges the confirmable ones and counts.
 * Not per second of the clock: the sender needs a call for each datagram, too, and waits for acknowledgements so that
 * none is lost, so that the reader is idle half of the time.
 */
export async function bench(): Promise<
	{ name: string; value: string; reference?: string; ratio?: number; goal?: string }[]
> {
	const server = fork('test/bench/floods/flood-coap.mjs', [JSON.stringify({ port, messages, payload: 100 })]);
	await once(server, 'message');
	const library: number[] = [];
	const bare: number[] = [];
	const ours: number[] = [];
	try {
		for (let round = 0; round < rounds; round++) {
			library.push(await countLibrary());
			bare.push(await countBare());
			ours.push(await countOurs());
		}
	} finally {
		server.kill();
		await once(server, 'exit');
	}
	return [
		{
			name: 'CoAP, notifications of 100 bytes: adapter, log and tree',
			value: perSecond(median(ours)),
			reference: `bare coap client that counts: ${perSecond(median(library))}`,
			ratio: median(ours) / median(library),
			goal: '≥ 0.8',
		},
		{
			name: 'CoAP, the same against no client at all',
			value: perSecond(median(ours)),
			reference: `bare UDP socket with coap-packet that counts: ${perSecond(median(bare))}`,
			ratio: median(ours) / median(bare),
		},
	];
}

function countLibrary(): Promise<number> {
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
				processorTime,
			);
			response.on('data', count);
		});
		asked.end();
	});
}

function countBare(): Promise<number> {
	return new Promise((resolve, reject) => {
		const socket = createSocket('udp4');
		const count = counter(messages, (rate) => socket.close(() => resolve(rate)), processorTime);
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

function countOurs(): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'coap', url: `coap://127.0.0.1:${port}` },
		subscription: { target: 'x' },
		messages,
		store: createStore(coap, defaultLimits),
		now: processorTime,
	});
}

/** Of this process, in milliseconds. */
function processorTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

function perSecond(rate: number): string {
	return `${Math.round(rate).toLocaleString('en-US')} per second of processor time`;
}
