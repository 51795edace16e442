import type { Unfinished } from '../../adapter';
import { createGreetingCheck } from '../../shared/foreign-server';
import { expectedServer } from '../describe/expected-server';
import type { Value } from './codec/values';
import { checkValue } from './codec/walk';
import { broken, createFrameReader, frameType } from './frames';
import { createHandshake, type HandshakeOptions, type Stage } from './handshake';
import {
	descriptorAt,
	fieldsOf,
	numberIn,
	performative,
	readTransfer,
	type Transfer,
	textIn,
	writeTransfer,
} from './performatives';
import { createReassembly, type Payload } from './reassembly';

export interface GuardOptions extends HandshakeOptions {
	/** Maximum bytes of a message. */
	limit: number;
	/** The server's open. */
	opened(fields: Value[]): void;
	/** The server's attach. Returns whether this side has attached a link of that name. */
	attached(name: string, fields: Value[]): boolean;
	/** Frames that were checked and that the library processes. */
	toLibrary(bytes: Buffer): void;
}

export interface Guard {
	/** Bytes from the server. Throws a FailureError; the guard must not be used after that. */
	push(chunk: Buffer): void;
	/** The message of the library's next event `message`; undefined for one that was aborted. */
	take(): Payload | undefined;
	unfinished(): Unfinished | undefined;
	stage(): Stage | 'open';
}

/** Deliveries that one disposition may name. The session's window is far smaller. */
const maxRange = 65_536;

/**
 * Stands between the socket and rhea. It checks every frame with everything in it, refuses what is too large before it is
 * buffered, and takes messages from the bytes: rhea gets their frames without content and keeps count of deliveries and credit.
 * Without it, rhea buffers what a length claims, allocates an array of any announced size before the login, loops over any
 * range of deliveries, answers links that the server attaches by itself, and loses types and 64-bit integers of messages.
 */
export function createGuard(options: GuardOptions): Guard {
	const { toLibrary } = options;
	const greeting = createGreetingCheck(expectedServer);
	const messages = createReassembly(options.limit);
	const handshake = createHandshake(options);
	const transfer: Transfer = {
		...{ handle: 0, id: 0, tagStart: 0, tagEnd: 0, format: 0 },
		...{ settled: false, more: false, aborted: false, payload: 0 },
	};
	/** Frames of the current chunk for the library, which is called once for all of them. */
	let forLibrary: Buffer[] = [];
	let isOpen = false;

	const reader = createFrameReader({
		expectsHeader: () => handshake.stage === 'greeting' || handshake.stage === 'second greeting',
		header(bytes) {
			handshake.header(bytes);
			forLibrary.push(bytes);
		},
		frame(type, channel, bytes, start, end, first) {
			if (type === frameType.sasl) {
				handshake.frame(bytes, start, end);
				forLibrary.push(bytes.subarray(first, end));
				return;
			}
			if (type !== frameType.amqp) throw broken('The server sent a frame of an unknown type.', `type ${type}`);
			if (handshake.stage !== 'opening') throw broken('The server sent a frame before the login.');
			// A heartbeat.
			if (start === end) return;
			const { code, list } = descriptorAt(bytes, start, end);
			if (code === performative.transfer) {
				if (!isOpen) throw broken('The server sent a frame before it opened the connection.');
				readTransfer(bytes, list, end, transfer);
				messages.add(channel, transfer, bytes, end);
				forLibrary.push(writeTransfer(bytes, channel, transfer));
				return;
			}
			if (checkValue(bytes, list, end) !== end) throw broken('The server sent a frame with bytes behind its body.');
			check(code, bytes, list, end);
			forLibrary.push(bytes.subarray(first, end));
		},
	});

	function check(code: number, bytes: Buffer, list: number, end: number): void {
		switch (code) {
			case performative.open:
				if (isOpen) throw broken('The server opened the connection twice.');
				isOpen = true;
				options.opened(fieldsOf(bytes, list, end));
				return;
			case performative.close:
				return;
			case performative.begin:
				if (numberIn(fieldsOf(bytes, list, end)[0]) === undefined)
					throw broken('The server began a session that was not requested.');
				break;
			case performative.attach: {
				const fields = fieldsOf(bytes, list, end);
				const name = textIn(fields[0]);
				if (name === undefined || !options.attached(name, fields))
					throw broken('The server attached a link that was not requested.');
				if (!isTerminus(fields[5]) || !isTerminus(fields[6]))
					throw broken('The server attached a link with an end that AMQP 1.0 does not define.');
				break;
			}
			case performative.disposition: {
				const [, first, last] = fieldsOf(bytes, list, end);
				const from = numberIn(first) ?? -1;
				const range = (numberIn(last) ?? from) - from;
				if (from < 0 || range < 0 || range > maxRange)
					throw broken('The server settled a range of messages that cannot be right.', `${range + 1} messages`);
				break;
			}
			case performative.flow:
			case performative.detach:
			case performative.end:
				break;
			default:
				throw broken('The server sent a frame that AMQP 1.0 does not define.', `descriptor 0x${code.toString(16)}`);
		}
		if (!isOpen) throw broken('The server sent a frame before it opened the connection.');
	}

	function isTerminus(value: Value | undefined): boolean {
		if (value?.type !== 'described') return value === undefined || value.type === 'null';
		const { descriptor } = value;
		return descriptor.type === 'ulong'
			? descriptor.value === 0x28n || descriptor.value === 0x29n
			: ['amqp:source:list', 'amqp:target:list'].includes(textIn(descriptor) ?? '');
	}

	return {
		push(chunk) {
			const bytes = greeting(chunk);
			if (!bytes) return;
			try {
				reader.push(bytes);
			} finally {
				// What came before a fault is processed.
				if (forLibrary.length > 0) {
					const [one] = forLibrary;
					const all = forLibrary.length === 1 ? (one as Buffer) : Buffer.concat(forLibrary);
					forLibrary = [];
					toLibrary(all);
				}
			}
		},
		take: messages.take,
		unfinished: () => reader.unfinished() ?? messages.unfinished(),
		stage: () => (isOpen ? 'open' : handshake.stage),
	};
}
