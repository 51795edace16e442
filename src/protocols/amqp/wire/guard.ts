import { type Failure, FailureError, fail } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { createGreetingCheck, type Expected } from '../../shared/foreign-server';
import { amqp } from '../describe/describe';
import { Reader, uint32At } from './bytes';
import { type ContentKind, type Contents, createContents, type Got, type Lane, type Returned } from './contents';
import { broken, createFrameReader, frameOverhead, frameType, method, methodFrame, methodName } from './frames';
import { createHandshake, type Limits, type Server } from './handshake';
import { createPlaceholders, type Placeholders } from './placeholders';
import { type Account, channelRefusal, connectionRefusal, readClosing } from './refusals';
import { createRoutes } from './routes';

export interface GuardOptions extends Account {
	mechanism: string;
	/** Maximum bytes of a message's body. */
	limit: number;
	/** The server has introduced itself, and the login begins. */
	greeted(product: string): void;
	/** The handshake is complete. */
	opened(server: Server, limits: Limits): void;
	toServer(bytes: Buffer): void;
	/** A frame that was checked and that the library processes. */
	toLibrary(frame: Buffer): void;
}

export interface Guard {
	/** Bytes from the server. Throws a FailureError or `Malformed`; the guard must not be used after that. */
	push(chunk: Buffer): void;
	/** Whole frames from the library. */
	send(bytes: Buffer): void;
	/** Announces the channel that the library opens next. */
	expect(lane: Lane): void;
	/** Takes back an announcement if its channel.open has not left. */
	forget(lane: Lane): void;
	/** Frames for the library are held back after connection.open-ok until it can receive them. */
	release(): void;
	unfinished(): Unfinished | undefined;
	placeholders: Placeholders;
	stage(): 'start' | 'login' | 'open';
	dropped(): Failure;
}

interface Channel {
	lane: Lane;
	contents: Contents;
	/** The library's channel.close has left. */
	closing: boolean;
	/** Messages that were published, each of which the server may confirm or return. */
	published: number;
}

/** The server's first frame is a method. */
const expectedServer: Expected = {
	protocol: amqp,
	server: 'an AMQP 0-9-1 server',
	starts: (head) => head.startsWith('\x01'),
};

/** RabbitMQ 4.1 and later needs at least 8,192. */
export const ownFrameMax = 131_072;

/**
 * Stands between the socket and amqplib. It checks every frame, refuses what is too large before it is buffered, and hands
 * messages with their encoded properties straight to their receiver; all other frames are the library's. In the other
 * direction it puts exact tables and properties in the place of placeholders. Without it, amqplib has no limit for a body,
 * loses types, order and 64-bit integers of headers, hides why the server closed the connection, and throws in the event
 * loop on frames that come at a wrong time.
 */
export function createGuard(options: GuardOptions): Guard {
	const { limit, toServer } = options;
	const channels = new Map<number, Channel>();
	const expected: Lane[] = [];
	const placeholders = createPlaceholders();
	const greeting = createGreetingCheck(expectedServer);
	const handshake = createHandshake(options.mechanism, options.vhost, options.greeted);
	let limits: Limits = { channelMax: 0, frameMax: ownFrameMax, heartbeat: 0 };
	let server: Server | undefined;
	let isOpen = false;
	let isClosing = false;
	let held: Buffer[] | undefined;
	/** Bytes of bodies that are announced and not yet complete. */
	let reserved = 0;

	const shared = {
		route: createRoutes(),
		reserve(bytes: number) {
			if (bytes > limit)
				throw fail(
					'message-too-large',
					`The server announced a message of ${bytes.toLocaleString('en')} bytes; ${limit.toLocaleString('en')} are accepted.`,
					{ remedy: { text: 'Raise "Largest message accepted" of the connection if you expect such messages.' } },
				);
			if (reserved + bytes > 2 * limit)
				throw fail(
					'message-too-large',
					`The server sends several messages at once that have ${(reserved + bytes).toLocaleString('en')} bytes together.`,
				);
			reserved += bytes;
		},
	};

	/** The channel of the latest frame: a look-up for every frame of a flood would cost more than the rest of its check. */
	let current: Channel | undefined;

	const reader = createFrameReader(
		() => limits.frameMax,
		(type, number, bytes, start, end) => {
			// The library learns from the liveness check that the server is alive.
			if (type === frameType.heartbeat) {
				if (handshake.stage !== 'open') throw broken('The server sent a heartbeat before any was agreed.');
				return;
			}
			if (type === frameType.method && end - start < 4) throw broken('The server sent a method without a number.');
			const id = type === frameType.method ? uint32At(bytes, start) : 0;
			if (number === 0) {
				if (type !== frameType.method) throw broken('The server sent a message on the connection itself.');
				if (onConnection(id, new Reader(bytes, start + 4, end))) toLibrary(bytes, start, end);
				if (!server || isOpen) return;
				isOpen = true;
				held = [];
				options.opened(server, limits);
				return;
			}
			if (current?.lane.number !== number) current = channels.get(number);
			const channel = current;
			if (!channel) throw broken(`The server sent something on channel ${number}, which is not open.`);
			if (type === frameType.method) {
				if (onChannel(channel, id, bytes, start + 4, end)) toLibrary(bytes, start, end);
				return;
			}
			if (type === frameType.header) channel.contents.header(bytes, start, end);
			else channel.contents.body(bytes, start, end);
		},
	);

	/** A copy: the library may keep it, and the chunk is much larger. */
	function toLibrary(bytes: Buffer, start: number, end: number): void {
		const whole = Buffer.from(bytes.subarray(start - 7, end + 1));
		if (held) held.push(whole);
		else options.toLibrary(whole);
	}

	/** Returns whether the library processes the method. */
	function onConnection(id: number, args: Reader): boolean {
		if (id === method.connectionClose) {
			if (isClosing) return true;
			throw new FailureError(connectionRefusal(readClosing(args), { ...options, stage: handshake.stage }));
		}
		if (!isOpen) {
			server ??= handshake.method(id, args);
			return true;
		}
		const isAllowed =
			(id === method.connectionCloseOk && isClosing) ||
			id === method.connectionBlocked ||
			id === method.connectionUnblocked;
		if (!isAllowed) throw broken('The server sent a method on the connection that it must not send.', methodName(id));
		return true;
	}

	/** Returns whether the library processes the method, whose arguments are `bytes` from `start` to `end`. */
	function onChannel(channel: Channel, id: number, bytes: Buffer, start: number, end: number): boolean {
		const { contents, lane } = channel;
		if (contents.arriving) throw broken('The server began something else in the middle of a message.', methodName(id));
		switch (id) {
			case method.deliver:
				if (!lane.events.deliver && !channel.closing) throw unexpected(id);
				contents.begin('deliver', bytes, start, end);
				return false;
			case method.getOk:
				if (lane.gets.length === 0 && !channel.closing) throw unexpected(id);
				contents.begin('get', bytes, start, end);
				return false;
			case method.getEmpty:
				if (lane.gets.length === 0 && !channel.closing) throw unexpected(id);
				lane.gets.shift()?.resolve(undefined);
				return false;
			case method.return:
				if (channel.published === 0) throw broken('The server returned a message that was not sent.');
				contents.begin('return', bytes, start, end);
				return false;
			case method.channelFlow:
				toServer(methodFrame(lane.number, (to) => to.uint32(method.channelFlowOk).uint8(bytes[start] ?? 1)));
				return false;
			case method.ack:
			case method.nack: {
				const tag = new Reader(bytes, start, end).tag();
				if (tag > channel.published) throw broken('The server confirmed a message that was not sent.', `number ${tag}`);
				return true;
			}
			case method.channelClose: {
				const closing = readClosing(new Reader(bytes, start, end));
				// Both sides have closed it at once: channel.close-ok still comes.
				if (channel.closing) return true;
				remove(channel);
				contents.drop();
				lane.closed(channelRefusal(closing, options));
				if (!lane.ready) toServer(methodFrame(lane.number, (to) => to.uint32(method.channelCloseOk)));
				return lane.ready;
			}
			case method.channelCloseOk:
				if (!channel.closing) throw broken('The server confirmed the close of a channel that is open.');
				remove(channel);
				return true;
			default:
				return true;
		}
	}

	function remove(channel: Channel): void {
		channels.delete(channel.lane.number);
		current = undefined;
	}

	function open(number: number): void {
		const lane = expected.shift();
		if (!lane) throw broken('The AMQP library opened a channel by itself.');
		lane.number = number;
		const received = (kind: ContentKind, delivery: Got & Returned): void => {
			if (channel.closing) return;
			if (kind === 'deliver') lane.events.deliver?.(delivery);
			else if (kind === 'return') lane.events.returned?.(delivery);
			else {
				// A copy: it is used after the chunk.
				const [meta, body] = [Buffer.from(delivery.meta), Buffer.from(delivery.body)];
				lane.gets.shift()?.resolve({ ...delivery, meta, body });
			}
		};
		const channel: Channel = {
			lane,
			closing: false,
			published: 0,
			contents: createContents(shared, received, lane.events.queue),
		};
		channels.set(number, channel);
	}

	/** Follows what the library sends, and returns the frame as it must leave. */
	function outgoing(bytes: Buffer): Buffer {
		const type = bytes[0];
		const number = bytes.readUInt16BE(1);
		const channel = channels.get(number);
		if (type === frameType.header) {
			if (channel) channel.published++;
			return placeholders.replace(type, number, 0, bytes);
		}
		if (type !== frameType.method) return bytes;
		const id = bytes.readUInt32BE(7);
		if (id === method.connectionTuneOk)
			limits = {
				channelMax: bytes.readUInt16BE(11),
				frameMax: bytes.readUInt32BE(13),
				heartbeat: bytes.readUInt16BE(17),
			};
		// amqplib takes an empty name for "/".
		if (id === method.connectionOpen && options.vhost === '')
			return methodFrame(0, (to) => to.uint32(id).short('').short('').uint8(0));
		if (id === method.connectionClose) isClosing = true;
		if (id === method.channelOpen) open(number);
		else if (channel && id === method.channelClose) channel.closing = true;
		return placeholders.replace(type, number, id, bytes);
	}

	return {
		placeholders,
		stage: () => handshake.stage,
		dropped: handshake.dropped,
		push(chunk) {
			const bytes = greeting(chunk);
			if (bytes) reader.push(bytes);
			for (const { contents, lane } of channels.values()) {
				contents.flush();
				lane.events.flush?.();
			}
		},
		send(bytes) {
			// The protocol header begins with a letter, and no frame does.
			if (bytes[0] === 0x41) toServer(bytes);
			else
				for (let at = 0; at < bytes.length; ) {
					const end = at + frameOverhead + bytes.readUInt32BE(at + 3);
					toServer(outgoing(bytes.subarray(at, end)));
					at = end;
				}
		},
		expect: (lane) => void expected.push(lane),
		forget(lane) {
			const at = expected.indexOf(lane);
			if (at >= 0) expected.splice(at, 1);
		},
		release() {
			const frames = held ?? [];
			held = undefined;
			for (const one of frames) options.toLibrary(one);
		},
		unfinished() {
			const all = [reader, ...[...channels.values()].map(({ contents }) => contents)].flatMap(
				(one) => one.unfinished() ?? [],
			);
			return all.sort((a, b) => a.since - b.since)[0];
		},
	};
}

const unexpected = (id: number) => broken('The server sent a message on a channel that expects none.', methodName(id));
