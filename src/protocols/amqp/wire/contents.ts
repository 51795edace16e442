import type { Failure } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { Reader } from './bytes';
import { broken } from './frame-reader';
import { contentHeaderSize } from './frames';

/** A received message. `body` is a part of the read buffer: copy it to keep it. */
export interface Delivery {
	tag: number;
	redelivered: boolean;
	exchange: string;
	key: string;
	/** Its encoded properties (`keptHead`). */
	head: string;
	body: Uint8Array;
}

export interface Got extends Delivery {
	/** Messages that are still ready in the queue. */
	left: number;
}

/** An unroutable message that came back, with the reason of the server. */
export interface Returned extends Delivery {
	code: number;
	text: string;
}

/** What a channel may receive without a request. The server must not send what has no listener. */
export interface ChannelEvents {
	deliver?(delivery: Delivery): void;
	/** All frames of a chunk have been read, which is the time to acknowledge. */
	flush?(): void;
	returned?(returned: Returned): void;
	/** The server has ended a consumer, because its queue is gone. */
	cancelled?(): void;
	/** Called exactly once when the server or the connection ends the channel. */
	closed?(failure: Failure): void;
}

/** A channel as the guard sees it. */
export interface Lane {
	/** Assigned when the library's channel.open leaves. */
	number: number;
	/** The library's channel has a listener for errors. Without one, an error of a channel ends the connection. */
	ready: boolean;
	events: ChannelEvents;
	/** The answers that basic.get still expects. */
	gets: { resolve(got: Got | undefined): void; reject(error: unknown): void }[];
	/** The server has closed the channel. */
	closed(failure: Failure): void;
}

/** How a message is announced: basic.deliver, basic.get-ok or basic.return. */
export type ContentKind = 'deliver' | 'get' | 'return';

export interface Contents {
	/** A method that announces a message; its arguments are `bytes` from `start` to `end`. */
	begin(kind: ContentKind, bytes: Buffer, start: number, end: number): void;
	header(bytes: Buffer, start: number, end: number): void;
	body(bytes: Buffer, start: number, end: number): void;
	/** A message has been announced and is incomplete. */
	readonly arriving: boolean;
	/** All frames of a chunk have been read. */
	flush(): void;
	unfinished(): Unfinished | undefined;
	/** Releases the memory that the message that is arriving has reserved. */
	drop(): void;
}

/** What the channels of a connection share. */
export interface Shared {
	/** Reserves bytes for a body; throws when there are too many. A negative number releases them. */
	reserve(bytes: number): void;
	route(bytes: Buffer, start: number, end: number): { exchange: string; key: string };
}

interface Message {
	kind: ContentKind;
	delivery: Got & Returned;
	/** Bytes of the body that are missing; -1 before the header has arrived. */
	missing: number;
	size: number;
	/** Of a body in several frames. */
	parts: Uint8Array[] | undefined;
}

const empty = new Uint8Array();

/** Assembles the messages of one channel from their frames (AMQP 0-9-1, section 4.2.6). Throws a FailureError. */
export function createContents(shared: Shared, done: (kind: ContentKind, delivery: Got & Returned) => void): Contents {
	let message: Message | undefined;
	/** The message that was incomplete after a chunk, and since when. The clock is not read for each message of a flood. */
	let waits: { message: Message; since: number } | undefined;
	/** The latest properties: most messages of a flood have the same. */
	let last: Uint8Array = empty;
	let kept = '';

	function finish(complete: Message): void {
		message = undefined;
		const { delivery, parts } = complete;
		shared.reserve(-complete.size);
		if (parts) delivery.body = Buffer.concat(parts);
		done(complete.kind, delivery);
	}

	return {
		get arriving() {
			return message !== undefined;
		},
		begin(kind, bytes, start, end) {
			let at = start;
			let tag = 0;
			let redelivered = false;
			let code = 0;
			let text = '';
			if (kind === 'return') {
				const reader = new Reader(bytes, at, end);
				code = reader.uint16();
				text = reader.short();
				at = end - reader.left;
			} else {
				if (kind === 'deliver') at += 1 + (bytes[at] as number);
				if (at + 9 > end) throw broken('The server sent a delivery that ends early.');
				tag = bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
				redelivered = bytes[at + 8] === 1;
				at += 9;
			}
			const count = kind === 'get' ? 4 : 0;
			const { exchange, key } = shared.route(bytes, at, end - count);
			const left = count ? bytes.readUInt32BE(end - 4) : 0;
			// Hot path: object spread here costs about a third of the throughput.
			const delivery = { tag, redelivered, exchange, key, head: '', body: empty, left, code, text };
			message = { kind, delivery, missing: -1, size: 0, parts: undefined };
		},
		header(bytes, start, end) {
			if (!message || message.missing >= 0 || end - start < contentHeaderSize + 2)
				throw broken('The server sent the header of a message that it did not announce.');
			const size = bytes.readUInt32BE(start + 4) * 2 ** 32 + bytes.readUInt32BE(start + 8);
			// Throws before anything of the body is buffered.
			shared.reserve(size);
			message.size = size;
			message.missing = size;
			if (bytes.compare(last, 0, last.length, start + contentHeaderSize, end) !== 0) {
				// Not copied: the read buffer is never modified, and a copy per message adds GC pressure.
				last = bytes.subarray(start + contentHeaderSize, end);
				kept = keptHead(last);
			}
			message.delivery.head = kept;
			if (size === 0) finish(message);
		},
		body(bytes, start, end) {
			if (!message || message.missing < 0)
				throw broken('The server sent the body of a message that it did not announce.');
			const length = end - start;
			if (length > message.missing) throw broken('The server sent more of a message than it had announced.');
			if (length === 0) return;
			const part = new Uint8Array(bytes.buffer, bytes.byteOffset + start, length);
			if (length === message.size) message.delivery.body = part;
			else {
				message.parts ??= [];
				message.parts.push(part);
			}
			message.missing -= length;
			if (message.missing === 0) finish(message);
		},
		flush() {
			if (message && message !== waits?.message) waits = { message, since: performance.now() };
		},
		unfinished() {
			if (!message || message !== waits?.message) return undefined;
			const { size, missing } = message;
			return missing < 0 ? { since: waits.since, bytes: 0 } : { since: waits.since, bytes: size - missing, size };
		},
		drop() {
			if (message) shared.reserve(-message.size);
			message = undefined;
		},
	};
}

/**
 * Encoded properties as a Latin-1 string; `headBytes` decodes it. Small arrays take many times their size, and V8 lets 64 MB
 * of the memory of large ones accumulate before it collects them.
 */
export const keptHead = (bytes: Uint8Array): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

const maxRoutes = 10_000;

/** Reads exchange and routing key, two short strings, and caches them, since a flood has few different ones. */
export function createRoutes(): Shared['route'] {
	const cached = new Map<string, { exchange: string; key: string }>();
	return (bytes, start, end) => {
		const raw = bytes.toString('latin1', start, end);
		const found = cached.get(raw);
		if (found) return found;
		const middle = start + 1 + (bytes[start] ?? 255);
		if (middle >= end || middle + 1 + (bytes[middle] ?? 255) !== end)
			throw broken('The server sent a message whose exchange and routing key cannot be read.');
		const route = { exchange: bytes.toString('utf8', start + 1, middle), key: bytes.toString('utf8', middle + 1, end) };
		if (cached.size >= maxRoutes) cached.clear();
		cached.set(raw, route);
		return route;
	};
}
