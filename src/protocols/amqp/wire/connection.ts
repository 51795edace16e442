import type { Socket } from 'node:net';
import { type Failure, FailureError, fail, toFailure } from '../../../base/failure';
import { sentence } from '../../../base/sentence';
import type { Unfinished } from '../../adapter';
import type { Peer } from '../../shared/dial/socket-failures';
import { createGreetingCheck } from '../../shared/foreign-server';
import { linkFailure } from '../../shared/tls/failures';
import { expectedServer } from '../describe/expected-server';
import { Malformed, Reader, Writer } from './bytes';
import { type Channel, type ChannelEnd, type ChannelEvents, createChannel } from './channel';
import { readClosing } from './closing';
import { broken, createFramer } from './framer';
import { frame, frameType, heartbeat as heartbeatFrame, protocolHeader } from './frames';
import { createHandshake, type HandshakeOptions, type Opened } from './handshake';
import { watch } from './liveness';
import { channelOpen, method } from './methods';
import { channelRefusal, connectionRefusal } from './refusals';
import { createRoutes } from './routes';

export interface ConnectionOptions extends Omit<HandshakeOptions, 'write'> {
	socket: Socket;
	/** What the socket has told as its error. */
	error(): unknown;
	peer: Peer;
	signal: AbortSignal;
	/** Of one message's body, in bytes. */
	limit: number;
	/** The server takes no messages for this reason; undefined: it does again. */
	blocked(reason: string | undefined): void;
}

export interface Connection extends Opened {
	/** It is open, and not being closed. */
	readonly live: boolean;
	/** Why no messages can be sent at the moment. */
	readonly blocked: string | undefined;
	/** Bytes that wait for a server that does not read. */
	readonly waiting: number;
	/** Resolves exactly once; undefined after our own end. */
	readonly ended: Promise<Failure | undefined>;
	/** A new channel: what goes wrong on it ends nothing else. */
	open(events?: ChannelEvents): Promise<Channel>;
	/** The oldest message or frame that is not whole yet. */
	unfinished(): Unfinished | undefined;
	/** Says goodbye and waits for the answer, at most `within` milliseconds. */
	close(within: number): Promise<void>;
	/** At once. */
	end(failure?: Failure): void;
}

/** The handshake over an open socket, and the connection. Throws a FailureError and leaves nothing open otherwise. */
export function openConnection(options: ConnectionOptions): Promise<Connection> {
	const { socket, signal, peer } = options;
	let state: 'connecting' | 'open' | 'closing' | 'ended' = 'connecting';
	const channels = new Map<number, ChannelEnd>();
	const routes = createRoutes();
	let opened: Opened | undefined;
	let blocked: string | undefined;
	/** Bytes of bodies that are announced and not yet whole. */
	let assembling = 0;
	let corked = false;
	let liveness: ReturnType<typeof watch> | undefined;
	const greeting = createGreetingCheck(expectedServer);
	let tellEnd: (failure: Failure | undefined) => void = () => {};
	const ended = new Promise<Failure | undefined>((resolve) => {
		tellEnd = resolve;
	});

	function end(failure?: Failure): void {
		if (state === 'ended') return;
		state = 'ended';
		liveness?.stop();
		socket.destroy();
		const lost = failure ?? { code: 'closed', message: 'The connection was closed before the server had answered.' };
		for (const channel of channels.values()) channel.lost(lost);
		channels.clear();
		tellEnd(failure);
	}

	/** Everything of one turn in as few segments as possible. */
	function write(bytes: Uint8Array): void {
		if (state === 'ended') return;
		liveness?.wrote();
		if (!corked) {
			corked = true;
			socket.cork();
			process.nextTick(() => {
				corked = false;
				socket.uncork();
			});
		}
		socket.write(bytes);
	}

	function assemble(bytes: number): void {
		if (bytes > options.limit)
			throw fail(
				'message-too-large',
				`The server announced a message of ${bytes.toLocaleString('en')} bytes; ${options.limit.toLocaleString('en')} are accepted.`,
				{ remedy: { text: 'Raise "Largest message accepted" of the connection if this is what you expect.' } },
			);
		if (assembling + bytes > 2 * options.limit)
			throw fail(
				'message-too-large',
				`The server sends several messages at once that have ${(assembling + bytes).toLocaleString('en')} bytes together.`,
			);
		assembling += bytes;
	}

	const handshake = createHandshake({ ...options, write });

	function connectionMethod(bytes: Buffer, start: number, stop: number): void {
		const id = bytes.readUInt32BE(start);
		const reader = new Reader(bytes, start + 4, stop);
		if (id === method.connectionClose) {
			const closing = readClosing(reader);
			write(frame(frameType.method, 0, Buffer.from([0, 10, 0, 51])));
			if (state === 'closing') return;
			throw new FailureError(
				connectionRefusal(closing, { user: options.user, vhost: options.vhost, stage: handshake.stage }),
			);
		}
		if (state === 'connecting') {
			opened = handshake.method(id, reader);
			if (opened) {
				state = 'open';
				liveness = watch(opened.heartbeat, () => write(heartbeatFrame), end);
				settle();
			}
			return;
		}
		if (id === method.connectionCloseOk && state === 'closing') {
			end();
			return;
		}
		if (id === method.connectionBlocked) {
			blocked = reader.short() || 'no reason given';
			options.blocked(blocked);
			return;
		}
		if (id === method.connectionUnblocked) {
			blocked = undefined;
			options.blocked(undefined);
			return;
		}
		throw broken(
			'The server sent something on the connection that it must not.',
			`class ${id >>> 16}, method ${id & 0xffff}`,
		);
	}

	const framer = createFramer(
		() => opened?.frameMax ?? handshake.frameMax,
		(type, number, bytes, start, stop) => {
			if (type === frameType.heartbeat) {
				if (handshake.stage !== 'open') throw broken('The server sent a heartbeat before any was agreed.');
				return;
			}
			if (type === frameType.method && stop - start < 4) throw broken('The server sent a method without a number.');
			if (number === 0) {
				if (type !== frameType.method) throw broken('The server sent a message on the connection itself.');
				return connectionMethod(bytes, start, stop);
			}
			const channel = channels.get(number);
			if (!channel) throw broken(`The server sent something on channel ${number}, which is not open.`);
			if (type === frameType.method) channel.method(bytes, start, stop);
			else if (type === frameType.header) channel.header(bytes, start, stop);
			else channel.body(bytes, start, stop);
		},
	);

	let settle = () => {};
	return new Promise<Connection>((resolve, reject) => {
		const abort = () => end(fail('cancelled', 'The connection attempt was cancelled.').failure);
		signal.addEventListener('abort', abort);
		void ended.then((failure) => {
			signal.removeEventListener('abort', abort);
			reject(new FailureError(failure ?? { code: 'closed', message: 'The connection was closed.' }));
		});
		settle = () => {
			signal.removeEventListener('abort', abort);
			resolve(connection(opened as Opened));
		};
		if (signal.aborted) return abort();
		socket.on('data', (chunk: Buffer) => {
			if (state === 'ended') return;
			liveness?.heard();
			try {
				const bytes = greeting(chunk);
				if (bytes) framer.push(bytes);
				for (const channel of channels.values()) channel.flush();
			} catch (error) {
				if (error instanceof Malformed)
					end(broken(sentence(`The server sent something that cannot be read: ${error.message}`)).failure);
				else end(toFailure(error, 'The server sent something that could not be handled.'));
			}
		});
		const lost = () => {
			if (state === 'closing') return end();
			const error = options.error();
			if (error) return end(linkFailure(error, peer));
			end(
				state === 'connecting'
					? handshake.dropped()
					: { code: 'closed-by-server', message: 'The server closed the connection without saying why.' },
			);
		};
		socket.on('close', lost);
		// Half-closed is closed: nothing more will come.
		socket.on('end', lost);
		if (socket.destroyed) return lost();
		write(protocolHeader);
	});

	function connection(known: Opened): Connection {
		let next = 1;
		function free(): number {
			const most = Math.min(known.channelMax, 2000);
			for (let tried = 0; tried < most; tried++) {
				const number = next;
				next = (next % most) + 1;
				if (!channels.has(number)) return number;
			}
			throw fail('no-channel', `All ${most.toLocaleString('en')} channels of the connection are in use.`);
		}
		return {
			...known,
			ended,
			get live() {
				return state === 'open';
			},
			unfinished() {
				const all = [framer, ...channels.values()].flatMap((one) => one.unfinished() ?? []);
				return all.sort((a, b) => a.since - b.since)[0];
			},
			get blocked() {
				return blocked;
			},
			get waiting() {
				return socket.writableLength;
			},
			async open(events = {}) {
				if (state !== 'open') throw fail('not-open', 'The connection is not open.');
				const number = free();
				const channel = createChannel(
					number,
					{
						frameMax: known.frameMax,
						...{ write, assemble, route: routes },
						refusal: (closing) => channelRefusal(closing, { user: options.user, vhost: options.vhost }),
						release: () => channels.delete(number),
					},
					events,
				);
				channels.set(number, channel);
				await channel.call(channelOpen());
				return channel;
			},
			async close(within) {
				if (state !== 'open') return;
				state = 'closing';
				const bytes = new Writer().uint32(method.connectionClose).uint16(200).short('').uint16(0).uint16(0).done();
				write(frame(frameType.method, 0, bytes));
				const timer = setTimeout(end, within);
				await ended;
				clearTimeout(timer);
			},
			end,
		};
	}
}
