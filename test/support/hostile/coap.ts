import { createSocket } from 'node:dgram';
import { type Message, readMessage } from '../../../src/protocols/coap/wire/message';
import { option } from '../../../src/protocols/coap/wire/options';
import { answer, block2, etag, uint } from '../net/coap-messages';

/** Data that a server may send without end, in answer to a GET or to an observer. */
export type CoapFlood =
	| { kind: 'answers'; answer(request: Message, count: number): Buffer }
	| { kind: 'pours'; datagram(registration: Message, count: number): Buffer };

/** Bytes that stand for an endless flood: more than may be kept, even if only a thousand bytes of each datagram were. */
const enoughDatagrams = 60_000;
const enoughAnswers = 30_000;
const enoughBytes = 96 * 1024 * 1024;
/** Datagrams sent between two checks for incoming ones. */
const atOnce = 50;

/** An option that fills most of a datagram. */
const huge = uint(65_000, 0);
const wide = (bytes: number, fill: number) => ({ ...huge, value: Buffer.alloc(bytes, fill) });

/** The number of the requested block. */
function asked(request: Message): number {
	const value = request.options.find(({ number }) => number === option.block2)?.value ?? new Uint8Array();
	return value.reduce((sum, byte) => sum * 256 + byte, 0) >> 4;
}

const block = (request: Message, szx: number, more: Message['options'] = []) =>
	answer(request, '2.05', {
		options: [block2(asked(request), true, szx), ...more],
		payload: Buffer.alloc(2 ** (szx + 4), 'x'),
	});

const notification = (registration: Message, count: number, more: Parameters<typeof answer>[2] = {}) =>
	answer(registration, '2.05', {
		...{ type: 1, id: count & 0xffff, payload: `value ${count}` },
		...more,
		// Each number is newer than the one before, and the first is newer than the last (RFC 7641, 3.4).
		options: [uint(option.observe, (count & 3) * 2 ** 22), ...(more.options ?? [])],
	});

const token = (count: number) => Buffer.of(count >> 24, count >> 16, count >> 8, count);

export const coapFloods: Record<string, CoapFlood> = {
	'blocks of 1,024 bytes': { kind: 'answers', answer: (request) => block(request, 6) },
	'blocks of 16 bytes with options of 8,000': {
		kind: 'answers',
		answer: (request) => block(request, 0, [wide(8000, 1)]),
	},
	'blocks of a resource that always changes': {
		kind: 'answers',
		answer: (request, count) => block(request, 6, [etag(String(count >> 3))]),
	},
	notifications: { kind: 'pours', datagram: (registration, count) => notification(registration, count) },
	'confirmable notifications': {
		kind: 'pours',
		datagram: (registration, count) => notification(registration, count, { type: 0 }),
	},
	'notifications with another token each': {
		kind: 'pours',
		datagram: (registration, count) => notification(registration, count, { token: token(count) }),
	},
	'notifications with options of 50,000 bytes': {
		kind: 'pours',
		datagram: (registration, count) => notification(registration, count, { options: [wide(50_000, count & 255)] }),
	},
	'notifications of 100 options': {
		kind: 'pours',
		datagram: (registration, count) =>
			notification(registration, count, {
				options: Array.from({ length: 100 }, (_, at) => uint(2000 + 2 * at, count)),
			}),
	},
	'notifications of 60,000 bytes': {
		kind: 'pours',
		datagram: (registration, count) =>
			notification(registration, count, { payload: Buffer.alloc(60_000, count & 255) }),
	},
	'notifications that announce blocks': {
		kind: 'pours',
		datagram: (registration, count) =>
			notification(registration, count, { options: [block2(0, true)], payload: Buffer.alloc(1024, count & 255) }),
	},
	'what is no CoAP, and messages that answer nothing': {
		kind: 'pours',
		datagram: ({ token }, count) =>
			[
				Buffer.from([count & 255, count >> 8, 0, 0, 0, count >> 16]),
				Buffer.from([0x44, 0x45, count >> 8, count & 255, ...token, 0xf0]),
				Buffer.from([0x40, 1, count >> 8, count & 255]),
				Buffer.from([0x60, 0x45, count >> 8, count & 255]),
				Buffer.from([0x70, 0, count >> 8, count & 255]),
				Buffer.from([0x40, 0, count >> 8, count & 255]),
			][count % 6] ?? Buffer.alloc(0),
	},
};

export interface HostileCoap {
	readonly port: number;
	/** Enough has been sent to stand for an endless flood. */
	readonly enough: boolean;
	close(): Promise<void>;
}

/** A server on loopback that answers pings, accepts every observation, and then sends one flood. */
export async function startHostileCoap(flood: CoapFlood): Promise<HostileCoap> {
	const socket = createSocket('udp4');
	let closed = false;
	let answered = 0;
	let count = 0;
	let bytes = 0;
	let pouring = false;

	/** Datagrams are created beforehand and sent again with other ids, so that their memory is not part of the measurement. */
	function pour(datagrams: readonly Buffer[], port: number): void {
		if (closed) return;
		for (let left = atOnce; left > 0; left--) {
			const datagram = datagrams[count++ % datagrams.length] as Buffer;
			datagram.writeUInt16BE(count & 0xffff, 2);
			bytes += datagram.length;
			socket.send(datagram, port, '127.0.0.1');
		}
		setImmediate(() => pour(datagrams, port));
	}

	socket.on('error', () => {});
	socket.on('message', (datagram, from) => {
		const message = readMessage(datagram);
		if ('fault' in message || message.type >= 2) return;
		if (message.code === 0) return socket.send(Buffer.of(0x70, 0, message.id >> 8, message.id & 255), from.port);
		const observes = message.options.some(({ number }) => number === option.observe);
		if (flood.kind === 'answers') socket.send(flood.answer(message, answered++), from.port);
		else if (observes && !pouring) {
			pouring = true;
			socket.send(notification(message, 0, { type: 2, id: message.id }), from.port);
			const few = Array.from({ length: 16 }, (_, at) => flood.datagram(message, at));
			const small = few.every(({ length }) => length < 2000);
			pour(small ? Array.from({ length: 1024 }, (_, at) => flood.datagram(message, at)) : few, from.port);
		}
	});
	await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
	return {
		port: socket.address().port,
		get enough() {
			return answered >= enoughAnswers || count >= enoughDatagrams || bytes >= enoughBytes;
		},
		close() {
			closed = true;
			return new Promise((resolve) => socket.close(() => resolve()));
		},
	};
}
