import type { Failure } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { amqpFlag } from '../describe/flags';
import { flagsOf } from './basic';
import { Reader, uint32At, Writer } from './bytes';
import { broken, contentHeaderSize } from './frames';
import type { Route, Routes } from './routes';

/** A received message. Valid until the listener returns: the object and its bytes are used again for the next one. */
export interface Delivery {
	tag: number;
	route: Route;
	/** `amqpFlag`: redelivered, persistent and dead. */
	flags: number;
	/** Queue, exchange, routing key and properties as the log stores them (`storeMessage`). */
	meta: Uint8Array;
	body: Uint8Array;
}

/** An answer to basic.get; a copy. */
export interface Got extends Delivery {
	/** Messages that are still ready in the queue. */
	left: number;
}

/** An unroutable message that came back, with the reason of the server. */
export interface Returned extends Delivery {
	code: number;
	text: string;
}

/** Events of a channel that need no request. A frame without a listener is a protocol error. */
export interface ChannelEvents {
	/** Stored with each message as the queue from which it was read. */
	queue?: string;
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

/** State shared by the channels of a connection. */
export interface Shared {
	/** Reserves bytes for a body; throws when there are too many. A negative number releases them. */
	reserve(bytes: number): void;
	route: Routes;
}

const empty = new Uint8Array();
const noRoute: Route = { exchange: '', key: '' };

/**
 * Assembles the messages of one channel from their frames (AMQP 0-9-1, section 4.2.6). Throws a FailureError. Hot path: the
 * view of the body is the only object that is created for a message of one frame. `queue`: see `ChannelEvents`.
 */
export function createContents(
	shared: Shared,
	done: (kind: ContentKind, delivery: Got & Returned) => void,
	queue = '',
): Contents {
	const delivery: Got & Returned = {
		tag: 0,
		route: noRoute,
		flags: 0,
		meta: empty,
		body: empty,
		left: 0,
		code: 0,
		text: '',
	};
	const stored = createScratch(new Writer().short(queue).done());
	let kind: ContentKind | undefined;
	/** Bytes of the body that are missing; -1 before the header has arrived. */
	let missing = -1;
	let size = 0;
	/** The body so far, if it comes in several frames. */
	let parts: Uint8Array[] | undefined;
	/** Messages that were announced. */
	let count = 0;
	/** The message that was incomplete after a chunk, and since when. The clock is not read for each message of a flood. */
	let waiting = { message: 0, since: 0 };

	function finish(finished: ContentKind): void {
		kind = undefined;
		shared.reserve(-size);
		if (parts) delivery.body = Buffer.concat(parts);
		parts = undefined;
		done(finished, delivery);
		delivery.body = empty;
	}

	return {
		get arriving() {
			return kind !== undefined;
		},
		begin(announced, bytes, start, end) {
			let at = start;
			delivery.flags = 0;
			if (announced === 'return') {
				const reader = new Reader(bytes, at, end);
				delivery.code = reader.uint16();
				delivery.text = reader.short();
				at = end - reader.left;
			} else {
				if (announced === 'deliver') at += 1 + (bytes[at] as number);
				if (at + 9 > end) throw broken('The server sent a delivery that ends early.');
				delivery.tag = uint32At(bytes, at) * 2 ** 32 + uint32At(bytes, at + 4);
				if (bytes[at + 8] === 1) delivery.flags = amqpFlag.redelivered;
				at += 9;
			}
			let last = end;
			if (announced === 'get') {
				last -= 4;
				delivery.left = uint32At(bytes, last);
			}
			delivery.route = shared.route(bytes, at, last);
			stored.start();
			stored.add(bytes, at, last);
			kind = announced;
			missing = -1;
			size = 0;
			count++;
		},
		header(bytes, start, end) {
			const properties = start + contentHeaderSize;
			if (!kind || missing >= 0 || properties + 2 > end)
				throw broken('The server sent the header of a message that it did not announce.');
			const announced = uint32At(bytes, start + 4) * 2 ** 32 + uint32At(bytes, start + 8);
			// Throws before anything of the body is buffered.
			shared.reserve(announced);
			size = announced;
			missing = announced;
			delivery.flags |= flagsOf(bytes, properties, end);
			stored.add(bytes, properties, end);
			delivery.meta = stored.view();
			if (size === 0) finish(kind);
		},
		body(bytes, start, end) {
			if (!kind || missing < 0) throw broken('The server sent the body of a message that it did not announce.');
			const length = end - start;
			if (length > missing) throw broken('The server sent more of a message than it had announced.');
			if (length === 0) return;
			const part = new Uint8Array(bytes.buffer, bytes.byteOffset + start, length);
			if (length === size) delivery.body = part;
			else {
				parts ??= [];
				parts.push(part);
			}
			missing -= length;
			if (missing === 0) finish(kind);
		},
		flush() {
			if (kind && count !== waiting.message) waiting = { message: count, since: performance.now() };
		},
		unfinished() {
			if (!kind || count !== waiting.message) return undefined;
			const { since } = waiting;
			return missing < 0 ? { since, bytes: 0 } : { since, bytes: size - missing, size };
		},
		drop() {
			if (kind) shared.reserve(-size);
			kind = undefined;
			parts = undefined;
		},
	};
}

/** Shorter ranges are copied in a loop, which costs less than the call of a native function. */
const loopLength = 96;
/** Longer contents get a new view each time. */
const maxView = 1024;

/** A buffer that is filled anew for each message. It always begins with `prefix`. */
function createScratch(prefix: Uint8Array) {
	let bytes = Buffer.alloc(1024);
	bytes.set(prefix);
	let length = prefix.length;
	/** Views of `bytes` by their length. */
	let views: (Uint8Array | undefined)[] = [];
	return {
		start() {
			length = prefix.length;
		},
		add(from: Buffer, start: number, end: number): void {
			const count = end - start;
			if (length + count > bytes.length) {
				bytes = Buffer.concat([bytes.subarray(0, length)], 2 * (length + count));
				views = [];
			}
			if (count > loopLength) from.copy(bytes, length, start, end);
			else for (let at = 0; at < count; at++) bytes[length + at] = from[start + at] as number;
			length += count;
		},
		/** Valid until the next `start`. */
		view(): Uint8Array {
			const view = views[length] ?? new Uint8Array(bytes.buffer, bytes.byteOffset, length);
			if (length <= maxView) views[length] = view;
			return view;
		},
	};
}
