import type { MessageType } from '../describe/codes';
import type { Clock } from './clock';
import type { Received } from './message';
import type { Option } from './options';
import { writeMessage } from './packet';

/** RFC 7252, 4.8: milliseconds, and counts. */
export const ackTimeout = 2000;
export const ackRandomFactor = 1.5;
export const maxRetransmit = 4;
/** RFC 7252, 5.3.1: at least 32 bits, so that answers cannot be forged by guessing. */
const tokenBytes = 4;

export interface Outgoing {
	code: number;
	confirmable: boolean;
	options: readonly Option[];
	payload: Uint8Array;
	/** The token of an exchange that goes on: a registration that is renewed or ended (RFC 7641, 3.6). */
	token?: Uint8Array;
}

export interface Handlers {
	/** The message has been sent for the first time. */
	sent?(): void;
	/** The message has been repeated for the `count`th time. Without an answer it fails in `leftMs`. */
	retransmitted?(count: number, leftMs: number): void;
	/** The server has received the message and answers later (RFC 7252, 5.2.2). */
	acknowledged?(): void;
	/** Called for each response with the token until `forget`. For a ping: the reset. */
	response(message: Received): void;
	/**
	 * Called at most once: no acknowledgement arrived, the server has rejected the message, its response had to be rejected
	 * (`fault`: an option that cannot be understood), or the exchange was stopped.
	 */
	failed(why: 'timeout' | 'reset' | 'stopped' | 'rejected', fault?: string): void;
}

export interface Handle {
	readonly token: Uint8Array;
	/** Stops repeating the message and ignores what arrives for it. Responses are rejected from now on. */
	forget(): void;
}

/** A message that was sent or waits to be sent. */
export interface Entry extends Handle {
	key: number;
	id: number;
	type: MessageType;
	outgoing: Outgoing;
	handlers: Handlers;
	/** `waiting` for its turn, `out` without an acknowledgement, `open` for responses. */
	state: 'waiting' | 'out' | 'open' | 'over';
	cancelTimer(): void;
}

export interface OutboxOptions {
	clock: Clock;
	/** Confirmable messages that may be without acknowledgement at a time (NSTART, RFC 7252, 4.7). */
	nstart: number;
	send(bytes: Buffer): void;
}

/** Messages on their way to one peer: message ids, tokens, turns and retransmission (RFC 7252, 4.2 and 4.7). */
export interface Outbox {
	/** Sends a message when its turn comes. */
	begin(outgoing: Outgoing, handlers: Handlers, token?: Uint8Array): Handle;
	/** The message with this id that an acknowledgement or reset belongs to. */
	withId(id: number): Entry | undefined;
	/** The request with this token that a response belongs to. */
	withToken(key: number): Entry | undefined;
	/** Records that no acknowledgement is expected any more, so that the next message has its turn. */
	settle(entry: Entry, state: 'open' | 'over'): void;
	/** Exchanges that expect something. */
	readonly open: number;
	/** Messages before a further confirmable one. */
	readonly ahead: number;
	/** Ends all with `stopped`. */
	stop(): void;
}

export function createOutbox({ clock, nstart, send }: OutboxOptions): Outbox {
	const byToken = new Map<number, Entry>();
	const byId = new Map<number, Entry>();
	const waiting: Entry[] = [];
	const [high = 0, low = 0] = clock.bytes(2);
	let nextId = high * 256 + low;
	let unacknowledged = 0;
	let stopped = false;

	function freeId(): number {
		for (let tries = 0; tries < 65_536 && byId.has(nextId); tries++) nextId = (nextId + 1) & 0xffff;
		const id = nextId;
		nextId = (nextId + 1) & 0xffff;
		return id;
	}

	function freeToken(): Uint8Array {
		for (;;) {
			const token = clock.bytes(tokenBytes);
			if (!byToken.has(keyOf(token))) return token;
		}
	}

	/** Pings do not count for NSTART: a server that drops them must not hold up requests, nor requests them. */
	const counts = (entry: Entry) => entry.type === 0 && entry.outgoing.code !== 0;

	function settle(entry: Entry, state: 'open' | 'over'): void {
		entry.cancelTimer();
		if (entry.state === 'out' && counts(entry)) unacknowledged--;
		if (entry.state === 'waiting') waiting.splice(waiting.indexOf(entry), 1);
		entry.state = state;
		if (entry.type === 0 || state === 'over') byId.delete(entry.id);
		if (state === 'over' && byToken.get(entry.key) === entry) byToken.delete(entry.key);
		sendWaiting();
	}

	function sendWaiting(): void {
		while (!stopped && unacknowledged < nstart && waiting.length > 0) transmit(waiting.shift() as Entry);
	}

	function transmit(entry: Entry): void {
		const { outgoing, handlers, type } = entry;
		entry.id = freeId();
		byId.set(entry.id, entry);
		entry.state = 'out';
		const { code, options, payload } = outgoing;
		const bytes = writeMessage({ type, code, id: entry.id, token: entry.token, options: [...options], payload });
		if (type === 0) {
			if (counts(entry)) unacknowledged++;
			const first = ackTimeout * (1 + (ackRandomFactor - 1) * clock.random());
			scheduleRetransmission(entry, bytes, first, 0);
		}
		send(bytes);
		handlers.sent?.();
	}

	/** Waits, repeats and waits twice as long, up to `maxRetransmit` times (RFC 7252, 4.2). */
	function scheduleRetransmission(entry: Entry, bytes: Buffer, timeout: number, count: number): void {
		entry.cancelTimer = clock.later(timeout, () => {
			if (count === maxRetransmit) {
				settle(entry, 'over');
				return entry.handlers.failed('timeout');
			}
			scheduleRetransmission(entry, bytes, timeout * 2, count + 1);
			send(bytes);
			const left = timeout * (2 ** (maxRetransmit - count + 1) - 2);
			entry.handlers.retransmitted?.(count + 1, left);
		});
	}

	return {
		begin(outgoing, handlers, token = freeToken()) {
			const entry: Entry = {
				...{ key: keyOf(token), id: -1, type: outgoing.confirmable ? 0 : 1, outgoing, handlers, token },
				state: 'waiting',
				cancelTimer() {},
				forget() {
					if (entry.state !== 'over') settle(entry, 'over');
				},
			};
			if (stopped) {
				entry.state = 'over';
				queueMicrotask(() => handlers.failed('stopped'));
				return entry;
			}
			if (outgoing.code !== 0) byToken.set(entry.key, entry);
			if (!counts(entry)) transmit(entry);
			else {
				waiting.push(entry);
				sendWaiting();
			}
			return entry;
		},
		withId: (id) => byId.get(id),
		withToken: (key) => byToken.get(key),
		settle,
		get open() {
			return byToken.size;
		},
		get ahead() {
			return unacknowledged < nstart ? 0 : unacknowledged + waiting.length;
		},
		stop() {
			stopped = true;
			const all = new Set([...waiting, ...byId.values(), ...byToken.values()]);
			for (const entry of all) {
				if (entry.state === 'over') continue;
				settle(entry, 'over');
				entry.handlers.failed('stopped');
			}
		},
	};
}

/** The client's own tokens have one length; as map keys, numbers are cheaper than texts. */
function keyOf(token: Uint8Array): number {
	return token.length === tokenBytes ? new DataView(token.buffer, token.byteOffset).getUint32(0) : -1;
}
