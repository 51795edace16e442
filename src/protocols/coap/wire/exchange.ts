import { codeOf, isResponse, type MessageType } from '../describe/codes';
import type { Clock } from './clock';
import { createDuplicates } from './duplicates';
import { type Received, readMessage } from './message';
import type { Option } from './options';
import { emptyMessage, writeMessage } from './packet';

/** RFC 7252, 4.8: milliseconds, and how many. */
export const ackTimeout = 2000;
export const ackRandomFactor = 1.5;
export const maxRetransmit = 4;
/** RFC 7252, 5.3.1: at least 32 bits against answers that somebody else makes up. */
const tokenBytes = 4;

export interface Outgoing {
	code: number;
	confirmable: boolean;
	options: readonly Option[];
	payload: Uint8Array;
	/** Of an exchange that goes on: a registration that is renewed or ended (RFC 7641, 3.6). */
	token?: Uint8Array;
}

export interface Handlers {
	/** It has left, for the first time. */
	sent?(): void;
	/** It was repeated for the `count`th time; without an answer it is given up in `leftMs`. */
	retransmitted?(count: number, leftMs: number): void;
	/** The server has it and answers later (5.2.2). */
	acknowledged?(): void;
	/** Called for each response with the token until `forget`. To a ping: the reset. */
	response(message: Received): void;
	/**
	 * No acknowledgement came, or the server has rejected it, or its response had to be rejected (`fault`: it has an option
	 * that cannot be understood), or everything was stopped. Called at most once.
	 */
	failed(why: 'timeout' | 'reset' | 'stopped' | 'rejected', fault?: string): void;
}

export interface Handle {
	readonly token: Uint8Array;
	/** Neither repeats it nor takes anything in for it any more. Responses are rejected from now on. */
	forget(): void;
}

interface Entry extends Handle {
	key: number;
	id: number;
	type: MessageType;
	outgoing: Outgoing;
	handlers: Handlers;
	/** `waiting` for its turn, `out` without an acknowledgement, `open` for responses. */
	state: 'waiting' | 'out' | 'open' | 'over';
	cancel(): void;
}

export interface Exchange {
	request(outgoing: Outgoing, handlers: Handlers): Handle;
	/** An empty confirmable message: its reset is the response (4.3). */
	ping(handlers: Handlers): Handle;
	/** A datagram of the peer. Never throws. */
	receive(bytes: Buffer): void;
	/** Exchanges that wait for something now. */
	readonly open: number;
	/** Messages that a further confirmable one has to wait for. */
	readonly ahead: number;
	/** Of the last message with the peer's answer in it, by the clock. */
	readonly heard: number;
	/** Ends all with `stopped`. */
	stop(): void;
}

export interface ExchangeOptions {
	clock: Clock;
	/** Confirmable messages that may be without acknowledgement at a time: NSTART, 4.7. */
	nstart: number;
	send(bytes: Buffer): void;
	/** A datagram that is no CoAP, or answers nothing: why. */
	ignored(why: string): void;
}

const nothing = new Uint8Array();
const badOption = codeOf('4.02');

/** Why a response must be rejected. A "Bad Option" may repeat the option that it refuses, as libcoap does. */
const faultOf = ({ outgoing }: Entry, message: Received): string | undefined =>
	message.criticalFault(message.code === badOption ? outgoing.options : undefined);

/** Messages, acknowledgements and tokens of one peer (RFC 7252, sections 4 and 5). */
export function createExchange({ clock, nstart, send, ignored }: ExchangeOptions): Exchange {
	const byToken = new Map<number, Entry>();
	const byId = new Map<number, Entry>();
	const waiting: Entry[] = [];
	const duplicates = createDuplicates();
	const [high = 0, low = 0] = clock.bytes(2);
	let nextId = high * 256 + low;
	let out = 0;
	let heard = clock.now();
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

	/** A ping neither waits for what a server leaves unanswered nor keeps others waiting if it drops pings. */
	const counts = (entry: Entry) => entry.type === 0 && entry.outgoing.code !== 0;

	/** No acknowledgement is waited for any more: the next one has its turn. */
	function settled(entry: Entry, state: 'open' | 'over'): void {
		entry.cancel();
		if (entry.state === 'out' && counts(entry)) out--;
		if (entry.state === 'waiting') waiting.splice(waiting.indexOf(entry), 1);
		entry.state = state;
		if (entry.type === 0 || state === 'over') byId.delete(entry.id);
		if (state === 'over' && byToken.get(entry.key) === entry) byToken.delete(entry.key);
		turn();
	}

	function turn(): void {
		while (!stopped && out < nstart && waiting.length > 0) transmit(waiting.shift() as Entry);
	}

	function transmit(entry: Entry): void {
		const { outgoing, handlers, type } = entry;
		entry.id = freeId();
		byId.set(entry.id, entry);
		entry.state = 'out';
		const { code, options, payload } = outgoing;
		const bytes = writeMessage({ type, code, id: entry.id, token: entry.token, options: [...options], payload });
		if (type === 0) {
			if (counts(entry)) out++;
			const first = ackTimeout * (1 + (ackRandomFactor - 1) * clock.random());
			repeat(entry, bytes, first, 0);
		}
		send(bytes);
		handlers.sent?.();
	}

	/** Waits, sends again and waits twice as long, up to `maxRetransmit` times (4.2). */
	function repeat(entry: Entry, bytes: Buffer, timeout: number, count: number): void {
		entry.cancel = clock.later(timeout, () => {
			if (count === maxRetransmit) {
				settled(entry, 'over');
				return entry.handlers.failed('timeout');
			}
			repeat(entry, bytes, timeout * 2, count + 1);
			send(bytes);
			const left = timeout * (2 ** (maxRetransmit - count + 1) - 2);
			entry.handlers.retransmitted?.(count + 1, left);
		});
	}

	function begin(outgoing: Outgoing, handlers: Handlers, token: Uint8Array): Handle {
		const entry: Entry = {
			...{ key: keyOf(token), id: -1, type: outgoing.confirmable ? 0 : 1, outgoing, handlers, token },
			state: 'waiting',
			cancel() {},
			forget() {
				if (entry.state !== 'over') settled(entry, 'over');
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
			turn();
		}
		return entry;
	}

	/** An acknowledgement or reset belongs to the message with its id (4.2). */
	function answerTo(message: Received) {
		const entry = byId.get(message.id);
		if (!entry) return ignored('it acknowledges or rejects nothing that was sent');
		if (message.type === 3) {
			settled(entry, 'over');
			if (entry.outgoing.code === 0) entry.handlers.response(message);
			else entry.handlers.failed('reset');
			return;
		}
		if (entry.state !== 'out' || entry.type !== 0) return ignored('it acknowledges nothing that was sent');
		if (message.code === 0) {
			settled(entry, 'open');
			return entry.handlers.acknowledged?.();
		}
		if (!isResponse(message.code) || message.key !== entry.key)
			return ignored('it acknowledges a message with another token');
		const fault = faultOf(entry, message);
		if (fault) return reject(entry, fault);
		settled(entry, 'open');
		entry.handlers.response(message);
	}

	/**
	 * A response with a critical option that cannot be understood is rejected (RFC 7252, 5.4.1): as an acknowledgement by
	 * taking no notice of it, else by a reset (4.2 and 4.3).
	 */
	function reject(entry: Entry, fault: string): void {
		settled(entry, 'over');
		entry.handlers.failed('rejected', fault);
	}

	/** A response in a message of its own, a ping, or a request to us, who serve nothing. */
	function told(message: Received) {
		const confirmable = message.type === 0;
		const before = duplicates.find(message.id, heard);
		if (before) return reply(message.id, before);
		const entry = isResponse(message.code) ? byToken.get(message.key) : undefined;
		const fault = entry && faultOf(entry, message);
		// Rejecting also tells a server that goes on notifying to stop (RFC 7641, 3.6).
		const answer =
			entry && !fault ? (confirmable ? 'ack' : 'none') : confirmable || isResponse(message.code) ? 'reset' : 'none';
		duplicates.remember(message.id, answer, confirmable, heard);
		reply(message.id, answer);
		if (!entry) {
			if (message.code !== 0) ignored('it answers nothing that was asked');
			return;
		}
		if (fault) return reject(entry, fault);
		// A response that overtakes its acknowledgement stands for it (5.2.2); a notification of what is to be renewed or
		// ended says nothing about that.
		if (entry.state === 'out' && !entry.outgoing.token) settled(entry, 'open');
		entry.handlers.response(message);
	}

	function reply(id: number, how: 'none' | 'ack' | 'reset'): void {
		if (how !== 'none') send(emptyMessage(how === 'ack' ? 2 : 3, id));
	}

	return {
		request: (outgoing, handlers) => begin(outgoing, handlers, outgoing.token ?? freeToken()),
		ping: (handlers) => begin({ code: 0, confirmable: true, options: [], payload: nothing }, handlers, nothing),
		receive(bytes) {
			if (stopped) return;
			const message = readMessage(bytes);
			if ('fault' in message) {
				ignored(message.fault);
				if (message.id !== undefined) send(emptyMessage(3, message.id));
				return;
			}
			heard = clock.now();
			if (message.type >= 2) answerTo(message);
			else told(message);
		},
		get open() {
			return byToken.size;
		},
		get ahead() {
			return out < nstart ? 0 : out + waiting.length;
		},
		get heard() {
			return heard;
		},
		stop() {
			stopped = true;
			const all = new Set([...waiting, ...byId.values(), ...byToken.values()]);
			for (const entry of all) {
				if (entry.state === 'over') continue;
				settled(entry, 'over');
				entry.handlers.failed('stopped');
			}
		},
	};
}

/** Tokens are ours, so all have the same length; a number costs a flood less than a text. */
function keyOf(token: Uint8Array): number {
	return token.length === tokenBytes ? new DataView(token.buffer, token.byteOffset).getUint32(0) : -1;
}
