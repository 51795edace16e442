import type { ConfirmChannel, Channel as LibraryChannel, Message } from 'amqplib';
import { type Failure, FailureError, toFailure } from '../../../base/failure';
import { Writer } from './bytes';
import type { ChannelEvents, Got, Lane } from './contents';
import { frameTooLarge, headTooLarge, method, methodFrame, throwIf } from './frames';
import type { Guard } from './guard';
import { type Table, writeTable } from './table';

/** Arguments for a request of amqplib. `fixed`: bytes of the method besides them. Throws `frame-too-large`. */
export type Arguments = (terms: Table, fixed: number) => object;

/** A request on a channel of amqplib. */
export type Call<Answer = unknown> = (channel: LibraryChannel, args: Arguments) => Promise<Answer>;

export interface Channel {
	readonly open: boolean;
	/** Throws the server's refusal, which has ended the channel then. */
	call<Answer>(call: Call<Answer>): Promise<Answer>;
	/** Starts a consumer, whose messages go to `deliver`. */
	consume(queue: string, options: { noAck: boolean; terms?: Table }): Promise<void>;
	/** The first message that is ready; undefined if the queue is empty. */
	get(queue: string): Promise<Got | undefined>;
	/** These do nothing once the channel is closed. `multiple`: also all earlier ones. */
	ack(tag: number, multiple: boolean): void;
	/** The server puts the messages back where they were, marked as redelivered. */
	requeue(tag: number, multiple: boolean): void;
	/**
	 * Sends a message with encoded properties. Throws when the channel is closed or the properties do not fit into a frame.
	 * `settled`: the message is mandatory, the channel is in confirm mode, and the server has confirmed or refused it.
	 */
	publish(message: Outgoing, settled?: (accepted: boolean) => void): void;
	close(): Promise<void>;
}

export interface Outgoing {
	exchange: string;
	key: string;
	head: Uint8Array;
	body: Uint8Array;
}

/** A channel from the connection's side. */
export interface ChannelEnd {
	lane: Lane;
	/** Rejects when no answer can come any more. */
	gone: Promise<never>;
	/** The library has opened it. */
	ready(library: LibraryChannel): Channel;
	/** The connection has ended. */
	lost(failure: Failure): void;
}

export interface Carrier {
	guard: Guard;
	frameMax: number;
	/** Sends a frame that the library does not know of. */
	write(bytes: Buffer): void;
	/** The channel is gone. */
	release(): void;
}

const closedByUs = { code: 'channel-closed', message: 'This was stopped before the server had answered.' };

/** A channel on one of amqplib's. The failure of a closed channel is the guard's, in words. */
export function createChannel({ guard, frameMax, write, release }: Carrier, events: ChannelEvents): ChannelEnd {
	let state: 'open' | 'closing' | 'closed' = 'open';
	let reject: (error: unknown) => void = () => {};
	let failure: Failure = closedByUs;
	const gone = new Promise<never>((_, no) => {
		reject = no;
	});
	gone.catch(() => {});
	let over: () => void = () => {};
	const ended = new Promise<void>((resolve) => {
		over = resolve;
	});

	function end(why: Failure): void {
		if (state === 'closed') return;
		const isNews = state === 'open';
		state = 'closed';
		if (isNews) failure = why;
		release();
		refuse();
		over();
		if (isNews) events.closed?.(why);
	}

	/** Nothing that is pending will be answered. */
	function refuse(): void {
		const error = new FailureError(failure);
		reject(error);
		for (const one of lane.gets) one.reject(error);
	}

	const lane: Lane = { number: 0, ready: false, events, gets: [], closed: end };
	const args: Arguments = (terms, fixed) => {
		const writer = new Writer();
		writeTable(writer, terms);
		const bytes = writer.done();
		throwIf(frameTooLarge('The arguments', fixed + bytes.length, frameMax));
		return guard.placeholders.for(bytes);
	};

	function ready(library: LibraryChannel): Channel {
		const unacknowledged = (deliveryTag: number) => ({ fields: { deliveryTag } }) as Message;
		library.on('error', () => {});
		lane.ready = true;
		library.on('close', () => end({ code: 'library-fault', message: 'The AMQP library closed the channel.' }));
		async function call<Answer>(request: Call<Answer>): Promise<Answer> {
			if (state !== 'open') throw new FailureError(failure);
			try {
				return await Promise.race([request(library, args), gone]);
			} catch (error) {
				if (error instanceof FailureError) throw error;
				const { evidence } = toFailure(error);
				throw new FailureError({ code: 'library-fault', message: 'The AMQP library refused this.', evidence });
			}
		}

		return {
			get open() {
				return state === 'open';
			},
			call,
			consume: async (queue, { noAck, terms = [] }) => {
				const fixed = fixedSize([queue, ''], true);
				const onMessage = (message: unknown) => message === null && events.cancelled?.();
				await call((on, table) => on.consume(queue, onMessage, { noAck, arguments: table(terms, fixed) }));
			},
			// Not through the library, which sends one request at a time: a search requests many messages ahead.
			get(queue) {
				if (state !== 'open') return Promise.reject(new FailureError(failure));
				write(methodFrame(lane.number, (to) => to.uint32(method.get).uint16(0).short(queue).uint8(0)));
				return new Promise((resolve, no) => {
					lane.gets.push({ resolve, reject: no });
				});
			},
			ack(tag, multiple) {
				if (state === 'open') library.ack(unacknowledged(tag), multiple);
			},
			requeue(tag, multiple) {
				if (state === 'open') library.nack(unacknowledged(tag), multiple, true);
			},
			publish({ exchange, key, head, body }, settled) {
				if (state !== 'open') throw new FailureError(failure);
				throwIf(headTooLarge(head, frameMax));
				const content = Buffer.from(body.buffer, body.byteOffset, body.length);
				const options = { mandatory: settled !== undefined, headers: guard.placeholders.for(head) };
				if (!settled) library.publish(exchange, key, content, options);
				else
					(library as ConfirmChannel).publish(exchange, key, content, options, (error) => {
						if (state === 'open') settled(!error);
					});
			},
			async close() {
				if (state !== 'open') return;
				state = 'closing';
				refuse();
				// The library settles this only when the server answers.
				await Promise.race([library.close().catch(() => {}), ended]);
				end(closedByUs);
			},
		};
	}

	return { lane, gone, ready, lost: end };
}

/** Bytes of a method with these names besides its table: class and method, a reserved number, names, and flags if any. */
export function fixedSize(names: readonly string[], hasFlags: boolean): number {
	return names.reduce((sum, name) => sum + 1 + Buffer.byteLength(name), 6 + (hasFlags ? 1 : 0));
}
