import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import { type Failure, FailureError, fail, toFailure } from '../../../base/failure';
import { sentence } from '../../../base/sentence';
import type { Unfinished } from '../../adapter';
import type { Peer } from '../../shared/dial/socket-failures';
import { cancelled } from '../../shared/failures';
import { linkFailure } from '../../shared/tls/failures';
import { Malformed } from './bytes';
import { type Channel, type ChannelEnd, createChannel } from './channel';
import type { ChannelEvents } from './contents';
import { broken, heartbeat } from './frames';
import { createGuard } from './guard';
import type { Limits, Server } from './handshake';
import { type Login, libraryStream, openModel } from './library';
import { watchSilence } from './silence';

export interface ConnectionOptions extends Login {
	socket: Socket;
	/** The error that the socket has reported. */
	error(): unknown;
	peer: Peer;
	signal: AbortSignal;
	/** Maximum bytes of a message's body. */
	limit: number;
	/** The server has introduced itself, and the login begins. */
	greeted(product: string): void;
	/** The server takes no messages for this reason; undefined: it takes them again. */
	blocked(reason: string | undefined): void;
}

export interface Connection extends Server, Limits {
	/** It is open, and not being closed. */
	readonly live: boolean;
	/** Why no messages can be sent at the moment. */
	readonly blocked: string | undefined;
	/** Resolves exactly once; undefined after an end that this side has chosen. */
	readonly ended: Promise<Failure | undefined>;
	/** Opens a channel: a failure on it ends nothing else. `confirms`: in confirm mode. */
	open(events?: ChannelEvents, confirms?: boolean): Promise<Channel>;
	/** The oldest message or frame that is incomplete. */
	unfinished(): Unfinished | undefined;
	/** Resolves when the bytes that wait to leave are few again, or the connection has ended. */
	drained(): Promise<void>;
	/** Closes the connection in order and waits for the answer, at most `within` milliseconds. */
	close(within: number): Promise<void>;
	/** Ends the connection at once. */
	end(failure?: Failure): void;
}

/** The handshake over an open socket, and the connection. Throws a FailureError and leaves nothing open otherwise. */
export function openConnection(options: ConnectionOptions): Promise<Connection> {
	const { socket, signal, peer } = options;
	let state: 'connecting' | 'open' | 'closing' | 'ended' = 'connecting';
	const channels = new Set<ChannelEnd>();
	let agreed: (Server & Limits) | undefined;
	let blocked: string | undefined;
	let corked = false;
	let silence: ReturnType<typeof watchSilence> | undefined;
	let resolveEnded: (failure: Failure | undefined) => void = () => {};
	const ended = new Promise<Failure | undefined>((resolve) => {
		resolveEnded = resolve;
	});

	function end(failure?: Failure): void {
		if (state === 'ended') return;
		state = 'ended';
		silence?.stop();
		library.destroy();
		socket.destroy();
		const lost = failure ?? { code: 'closed', message: 'The connection was closed before the server had answered.' };
		for (const channel of channels) channel.lost(lost);
		channels.clear();
		resolveEnded(failure);
	}

	function fault(error: unknown): void {
		if (error instanceof Malformed)
			end(broken(sentence(`The server sent something that cannot be read: ${error.message}`)).failure);
		else end(toFailure(error, 'The server sent something that could not be handled.'));
	}

	/** Everything of one turn leaves in as few segments as possible. */
	function write(bytes: Uint8Array): void {
		if (state === 'ended') return;
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

	const guard = createGuard({
		...options,
		toServer: write,
		toLibrary: (frame) => library.push(frame),
		opened(server, limits) {
			agreed = { ...server, ...limits };
			silence = watchSilence(limits.heartbeat, () => library.push(heartbeat), end);
		},
	});
	const library = libraryStream((bytes) => {
		try {
			guard.send(bytes);
		} catch (error) {
			fault(error);
		}
	});

	function lost(): void {
		const error = options.error();
		if (state === 'closing') end();
		else if (error) end(linkFailure(error, peer));
		else if (state === 'connecting') end(guard.dropped());
		else end({ code: 'closed-by-server', message: 'The server closed the connection without giving a reason.' });
	}

	async function connect(): Promise<Connection> {
		const abort = () => end(cancelled().failure);
		signal.addEventListener('abort', abort);
		socket.on('data', (chunk: Buffer) => {
			if (state === 'ended') return;
			silence?.heard();
			try {
				guard.push(chunk);
			} catch (error) {
				fault(error);
			}
		});
		socket.on('close', lost);
		// A half-closed connection is closed: nothing more arrives.
		socket.on('end', lost);
		if (signal.aborted) abort();
		else if (socket.destroyed) lost();
		try {
			const failed = ended.then((failure) => {
				throw new FailureError(failure ?? { code: 'closed', message: 'The connection was closed.' });
			});
			failed.catch(() => {});
			const model = await Promise.race([openModel(library.stream, options).catch(handshakeFault), failed]);
			if (!agreed) throw broken('The AMQP library opened the connection before the server did.');
			// It has ended in the turn in which it was opened.
			if (state === 'ended') return await failed;
			state = 'open';
			return connectionOn(model, agreed);
		} catch (error) {
			fault(error);
			throw error;
		} finally {
			signal.removeEventListener('abort', abort);
		}
	}

	function connectionOn(model: ChannelModel, known: Server & Limits): Connection {
		model.on('error', (error) => {
			const { evidence } = toFailure(error);
			end({ code: 'library-fault', message: 'The AMQP library could not process what the server sent.', evidence });
		});
		model.on('close', () => end());
		model.on('blocked', (reason) => {
			blocked = reason || 'no reason given';
			options.blocked(blocked);
		});
		model.on('unblocked', () => {
			blocked = undefined;
			options.blocked(undefined);
		});
		guard.release();
		return {
			...known,
			ended,
			get live() {
				return state === 'open';
			},
			unfinished: guard.unfinished,
			get blocked() {
				return blocked;
			},
			async open(events = {}, confirms = false) {
				if (state !== 'open') throw fail('not-open', 'The connection is not open.');
				const channel = createChannel(
					{ guard, frameMax: known.frameMax, write, release: () => channels.delete(channel) },
					events,
				);
				channels.add(channel);
				guard.expect(channel.lane);
				try {
					const opening = confirms ? model.createConfirmChannel() : model.createChannel();
					return channel.ready(await Promise.race([opening, channel.gone]));
				} catch (error) {
					guard.forget(channel.lane);
					channels.delete(channel);
					if (error instanceof FailureError) throw error;
					const { evidence = '' } = toFailure(error);
					throw /No channels left/.test(evidence)
						? fail('no-channel', 'All channels of the connection are in use.')
						: fail('library-fault', 'The AMQP library could not open a channel.', { evidence });
				}
			},
			async drained() {
				// Amqplib writes in a later turn.
				await nextTurn();
				if (state !== 'ended' && socket.writableNeedDrain) await Promise.race([once(socket, 'drain'), ended]);
			},
			async close(within) {
				if (state !== 'open') return;
				state = 'closing';
				const timer = setTimeout(end, within);
				// It settles only when the server answers, as 'close' does.
				model.close().catch(() => end());
				await ended;
				clearTimeout(timer);
			},
			end,
		};
	}

	return connect();
}

/** The guard has checked the order of the handshake, so this is a value that the library does not accept. */
function handshakeFault(error: unknown): never {
	throw broken('The server’s handshake was not accepted by the AMQP library.', toFailure(error).evidence);
}
