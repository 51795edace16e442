import { codeOf, isResponse } from '../describe/codes';
import { createDuplicates } from './duplicates';
import { type Received, readMessage } from './message';
import {
	createOutbox,
	type Entry,
	type Handle,
	type Handlers,
	type Outbox,
	type OutboxOptions,
	type Outgoing,
} from './outbox';
import { emptyMessage } from './packet';

export interface Exchange extends Pick<Outbox, 'open' | 'ahead' | 'stop'> {
	request(outgoing: Outgoing, handlers: Handlers): Handle;
	/** Sends an empty confirmable message; its reset is the response (RFC 7252, 4.3). */
	ping(handlers: Handlers): Handle;
	/** Takes in a datagram of the peer. Never throws. */
	receive(bytes: Buffer): void;
	/** Time of the last valid message from the peer, by the clock. */
	readonly heard: number;
}

export interface ExchangeOptions extends OutboxOptions {
	/** Reports why a datagram was ignored: it is not CoAP, or it answers nothing. */
	ignored(why: string): void;
}

const nothing = new Uint8Array();
const badOption = codeOf('4.02');

/** The reason to reject a response. A "Bad Option" may repeat the option that it refuses, as libcoap does. */
const faultOf = ({ outgoing }: Entry, message: Received): string | undefined =>
	message.criticalFault(message.code === badOption ? outgoing.options : undefined);

/** Requests, responses, acknowledgements and resets between this client and one peer (RFC 7252, sections 4 and 5). */
export function createExchange({ clock, nstart, send, ignored }: ExchangeOptions): Exchange {
	const outbox = createOutbox({ clock, nstart, send });
	const duplicates = createDuplicates();
	let heard = clock.now();
	let stopped = false;

	/** Handles an acknowledgement or reset, which belongs to the message with its id (RFC 7252, 4.2). */
	function receiveAcknowledgement(message: Received) {
		const entry = outbox.withId(message.id);
		if (!entry) return ignored('it acknowledges or rejects nothing that was sent');
		if (message.type === 3) {
			outbox.settle(entry, 'over');
			if (entry.outgoing.code === 0) entry.handlers.response(message);
			else entry.handlers.failed('reset');
			return;
		}
		if (entry.state !== 'out' || entry.type !== 0) return ignored('it acknowledges nothing that was sent');
		if (message.code === 0) {
			outbox.settle(entry, 'open');
			return entry.handlers.acknowledged?.();
		}
		if (!isResponse(message.code) || message.key !== entry.key)
			return ignored('it acknowledges a message with another token');
		const fault = faultOf(entry, message);
		if (fault) return reject(entry, fault);
		outbox.settle(entry, 'open');
		entry.handlers.response(message);
	}

	/**
	 * Rejects a response with a critical option that cannot be understood (RFC 7252, 5.4.1): on an acknowledgement by
	 * ignoring it, otherwise by a reset (RFC 7252, 4.2 and 4.3).
	 */
	function reject(entry: Entry, fault: string): void {
		outbox.settle(entry, 'over');
		entry.handlers.failed('rejected', fault);
	}

	/** Handles a separate response, a ping, or a request, which a client does not serve. */
	function receiveMessage(message: Received) {
		const confirmable = message.type === 0;
		const previous = duplicates.find(message.id, heard);
		if (previous) return reply(message.id, previous);
		const entry = isResponse(message.code) ? outbox.withToken(message.key) : undefined;
		const fault = entry && faultOf(entry, message);
		// A reset also makes a server that still notifies stop (RFC 7641, 3.6).
		const answer =
			entry && !fault ? (confirmable ? 'ack' : 'none') : confirmable || isResponse(message.code) ? 'reset' : 'none';
		duplicates.remember(message.id, answer, confirmable, heard);
		reply(message.id, answer);
		if (!entry) {
			if (message.code !== 0) ignored('it answers no request');
			return;
		}
		if (fault) return reject(entry, fault);
		// A response that overtakes its acknowledgement replaces it (RFC 7252, 5.2.2). A notification says nothing about the
		// renewal or the end of its registration, which uses the same token.
		if (entry.state === 'out' && !entry.outgoing.token) outbox.settle(entry, 'open');
		entry.handlers.response(message);
	}

	function reply(id: number, how: 'none' | 'ack' | 'reset'): void {
		if (how !== 'none') send(emptyMessage(how === 'ack' ? 2 : 3, id));
	}

	return {
		request: (outgoing, handlers) => outbox.begin(outgoing, handlers, outgoing.token),
		ping: (handlers) => outbox.begin({ code: 0, confirmable: true, options: [], payload: nothing }, handlers, nothing),
		receive(bytes) {
			if (stopped) return;
			const message = readMessage(bytes);
			if ('fault' in message) {
				ignored(message.fault);
				if (message.id !== undefined) send(emptyMessage(3, message.id));
				return;
			}
			heard = clock.now();
			if (message.type >= 2) receiveAcknowledgement(message);
			else receiveMessage(message);
		},
		get open() {
			return outbox.open;
		},
		get ahead() {
			return outbox.ahead;
		},
		get heard() {
			return heard;
		},
		stop() {
			stopped = true;
			outbox.stop();
		},
	};
}
