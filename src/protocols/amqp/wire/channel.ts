import { type Failure, FailureError } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { Reader } from './bytes';
import { type Closing, readClosing } from './closing';
import { broken } from './framer';
import { content, frame, frameTooLarge, frameType } from './frames';
import { keptHead } from './kept-head';
import { type Call, channelClose, method } from './methods';

/** A message as it came. `body` is a part of what was read: to be copied by whoever keeps it. */
export interface Delivery {
	tag: number;
	redelivered: boolean;
	exchange: string;
	key: string;
	/** Its properties (`keptHead`). */
	head: string;
	body: Uint8Array;
}

/** An unroutable message that came back. */
export interface Returned extends Delivery {
	code: number;
	text: string;
}

export interface Got extends Delivery {
	/** Messages that are still in the queue, ready. */
	left: number;
}

/** What the server may say on a channel without being asked. What is missing must not come. */
export interface ChannelEvents {
	deliver?(delivery: Delivery): void;
	/** After all of a chunk of bytes was read: now is the time to acknowledge. */
	flush?(): void;
	returned?(returned: Returned): void;
	/** Of messages published in confirm mode, whose numbers count from 1. */
	confirmed?(tag: number, multiple: boolean, accepted: boolean): void;
	/** The server has ended a consumer: its queue is gone. */
	cancelled?(): void;
	/** Exactly once, when it was the server or the connection that ended it. */
	closed?(failure: Failure): void;
}

export interface Channel {
	readonly open: boolean;
	/** Throws the server's refusal, which has ended the channel then. */
	call(call: Call): Promise<Reader>;
	/** Undefined: the queue is empty. */
	get(call: Call): Promise<Got | undefined>;
	/** Something that is not answered. Nothing happens once the channel is closed. */
	tell(method: Uint8Array): void;
	publish(method: Uint8Array, head: Uint8Array, body: Uint8Array): void;
	close(): Promise<void>;
}

/** What a channel needs of its connection. */
export interface Carrier {
	frameMax: number;
	write(bytes: Uint8Array): void;
	/** Bytes of a message that is being put together: throws when they are too many; negative gives back. */
	assemble(bytes: number): void;
	route(bytes: Buffer, start: number, end: number): { exchange: string; key: string };
	refusal(closing: Closing): Failure;
	/** It may be used again for another channel. */
	release(): void;
}

/** A channel from the connection's side. */
export interface ChannelEnd extends Channel {
	method(bytes: Buffer, start: number, end: number): void;
	header(bytes: Buffer, start: number, end: number): void;
	body(bytes: Buffer, start: number, end: number): void;
	flush(): void;
	/** A message whose body is not whole yet. */
	unfinished(): Unfinished | undefined;
	/** The connection has gone. */
	lost(failure: Failure): void;
}

interface Waiting {
	answer: number;
	resolve(answer: Reader | Got | undefined): void;
	reject(error: unknown): void;
}

interface Message {
	kind: 'deliver' | 'return' | 'get';
	delivery: Returned & Got;
	size: number;
	have: number;
	/** Of a body in several frames. */
	parts: Uint8Array[] | undefined;
}

const empty = new Uint8Array();
const headerSize = 12;

export function createChannel(number: number, carrier: Carrier, events: ChannelEvents): ChannelEnd {
	let state: 'open' | 'closing' | 'closed' = 'open';
	let why: Failure | undefined;
	const waiting: Waiting[] = [];
	let message: Message | undefined;
	/** The message that was not whole after a chunk, and since when. Not asked of the clock for each message of a flood. */
	let waits: { message: Message; since: number } | undefined;
	/** Properties that came last: a flood has the same in most of its messages. */
	let last: Uint8Array = empty;
	let kept = '';

	/** Throws where the frame is larger than agreed, before anything is sent. */
	function write(bytes: Uint8Array): void {
		const tooLarge = frameTooLarge('The arguments', bytes.length, carrier.frameMax);
		if (tooLarge) throw new FailureError(tooLarge);
		carrier.write(frame(frameType.method, number, bytes));
	}

	/** Writes a method and waits for its answer. */
	function ask<Answer>({ bytes, answer }: Call): Promise<Answer> {
		return new Promise((resolve, reject) => {
			if (state !== 'open') return reject(notOpen());
			write(bytes);
			waiting.push({ answer, resolve: resolve as Waiting['resolve'], reject });
		});
	}

	const notOpen = () =>
		new FailureError(why ?? { code: 'channel-closed', message: 'This was stopped before the server had answered.' });

	function end(failure: Failure | undefined): void {
		if (state === 'closed') return;
		const told = state === 'open' && failure;
		state = 'closed';
		why ??= failure;
		if (message) carrier.assemble(-message.have);
		message = undefined;
		for (const one of waiting.splice(0)) {
			if (one.answer === method.channelCloseOk) one.resolve(undefined);
			else one.reject(notOpen());
		}
		if (told) events.closed?.(told);
	}

	function answered(id: number, reader: Reader | Got | undefined): void {
		const next = waiting.shift();
		const fits = next?.answer === id || (id === method.getEmpty && next?.answer === method.getOk);
		if (!next || !fits) throw broken('The server sent an answer to a question that nobody asked.', name(id));
		next.resolve(reader);
	}

	function whole(done: Message): void {
		message = undefined;
		const { delivery } = done;
		carrier.assemble(-done.have);
		if (done.parts) delivery.body = Buffer.concat(done.parts);
		if (state !== 'open') return;
		if (done.kind === 'deliver') events.deliver?.(delivery);
		else if (done.kind === 'return') events.returned?.(delivery);
		else answered(method.getOk, { ...delivery, body: Buffer.from(delivery.body) });
	}

	function begin(kind: Message['kind'], id: number, bytes: Buffer, start: number, end: number): void {
		const allowed =
			kind === 'get' ? waiting[0]?.answer === method.getOk : kind === 'deliver' ? events.deliver : events.returned;
		if (!allowed && state === 'open') throw broken('The server sent a message that nobody asked for.', name(id));
		let at = start;
		let code = 0;
		let text = '';
		let tag = 0;
		let redelivered = false;
		if (kind === 'return') {
			const reader = new Reader(bytes, at, end);
			code = reader.uint16();
			text = reader.short();
			at = end - reader.left;
		} else {
			if (kind === 'deliver') at += 1 + (bytes[at] as number);
			if (at + 9 > end) throw broken('The server sent a delivery that ends early.', name(id));
			tag = bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
			redelivered = bytes[at + 8] === 1;
			at += 9;
		}
		const left = kind === 'get' ? 4 : 0;
		const { exchange, key } = carrier.route(bytes, at, end - left);
		const ready = left ? bytes.readUInt32BE(end - 4) : 0;
		// No spreading here: a flood comes through, and it costs a third of everything.
		const delivery = { tag, redelivered, exchange, key, head: '', body: empty, code, text, left: ready };
		message = { kind, delivery, size: -1, have: 0, parts: undefined };
	}

	return {
		get open() {
			return state === 'open';
		},
		call: ask,
		get: ask,
		tell(bytes) {
			if (state === 'open') write(bytes);
		},
		publish(head, properties, body) {
			if (state !== 'open') throw notOpen();
			for (const bytes of content(number, head, properties, body, carrier.frameMax)) carrier.write(bytes);
		},
		close: () =>
			new Promise<void>((resolve) => {
				if (state !== 'open') return resolve();
				const call = channelClose();
				write(call.bytes);
				state = 'closing';
				for (const one of waiting.splice(0)) one.reject(notOpen());
				waiting.push({ answer: call.answer, resolve: () => resolve(), reject: () => resolve() });
			}),
		method(bytes, start, stop) {
			const id = bytes.readUInt32BE(start);
			const at = start + 4;
			if (message) throw broken('The server began something else in the middle of a message.', name(id));
			if (id === method.deliver) return begin('deliver', id, bytes, at, stop);
			const reader = new Reader(bytes, at, stop);
			switch (id) {
				case method.channelClose: {
					const closing = readClosing(reader);
					write(Buffer.from([0, 20, 0, 41]));
					// Both sides closed at once: the answer to ours still comes.
					if (state === 'closing') return;
					carrier.release();
					return end(carrier.refusal(closing));
				}
				case method.channelCloseOk:
					if (state !== 'closing') throw broken('The server closed a channel that nobody wanted to close.');
					carrier.release();
					return end(undefined);
			}
			// What was on its way when we closed.
			if (state === 'closing') {
				if (id === method.return) begin('return', id, bytes, at, stop);
				if (id === method.getOk) begin('get', id, bytes, at, stop);
				return;
			}
			switch (id) {
				case method.return:
					return begin('return', id, bytes, at, stop);
				case method.getOk:
					return begin('get', id, bytes, at, stop);
				case method.getEmpty:
					return answered(id, undefined);
				case method.ack:
				case method.nack: {
					if (!events.confirmed) throw broken('The server confirmed what nobody had sent.', name(id));
					return events.confirmed(reader.tag(), (reader.uint8() & 1) === 1, id === method.ack);
				}
				case method.cancel:
					return events.cancelled?.();
				case method.channelFlow:
					return write(Buffer.from([0, 20, 0, 21, reader.uint8()]));
				default:
					// A copy: it is read after the chunk.
					return answered(id, new Reader(Buffer.from(bytes.subarray(at, stop))));
			}
		},
		header(bytes, start, stop) {
			if (!message || message.size >= 0 || stop - start < headerSize + 2)
				throw broken('The server sent the header of a message that it did not announce.');
			const size = bytes.readUInt32BE(start + 4) * 2 ** 32 + bytes.readUInt32BE(start + 8);
			// Throws before anything of it is kept.
			carrier.assemble(size);
			message.have = size;
			message.size = size;
			if (bytes.compare(last, 0, last.length, start + headerSize, stop) !== 0) {
				// Not copied: nobody writes into what was read, and a copy for each would lie about until it is collected.
				last = bytes.subarray(start + headerSize, stop);
				kept = keptHead(last);
			}
			message.delivery.head = kept;
			if (size === 0) whole(message);
		},
		body(bytes, start, stop) {
			if (!message || message.size < 0) throw broken('The server sent the body of a message that it did not announce.');
			const length = stop - start;
			if (length > message.size) throw broken('The server sent more of a message than it had announced.');
			if (length === 0) return;
			const part = new Uint8Array(bytes.buffer, bytes.byteOffset + start, length);
			if (length === message.have) message.delivery.body = part;
			else {
				message.parts ??= [];
				message.parts.push(part);
			}
			message.size -= length;
			if (message.size === 0) whole(message);
		},
		flush() {
			if (message && message !== waits?.message) waits = { message, since: performance.now() };
			events.flush?.();
		},
		unfinished() {
			if (!message || message !== waits?.message) return undefined;
			const { size, have } = message;
			// Before its header has come, its size is not known.
			return size < 0 ? { since: waits.since, bytes: 0 } : { since: waits.since, bytes: have - size, size: have };
		},
		lost: end,
	};
}

const name = (id: number) => `class ${id >>> 16}, method ${id & 0xffff}`;
