import { type Failure, FailureError, fail, toFailure } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { unanswered } from '../../shared/failures';
import { createGreetingCheck } from '../../shared/foreign-server';
import type { Pipe } from '../../shared/pipe';
import { redirected, streamFailure } from '../describe/conditions';
import { expectedServer } from '../describe/expected-server';
import { createReader, type Reader } from './reader';
import { attribute, type Element, namespaces } from './xml';

interface Received {
	element: Element;
	/** Its text as received. */
	source: string;
}

export interface WireListener {
	element(element: Element, source: string): void;
	/** Called exactly once, with the reason for the end of the stream. */
	over(failure: Failure): void;
}

/** A stream of elements over TCP, TLS or WebSocket. Negotiation pulls elements by `next`; afterwards a listener receives them. */
export interface Wire {
	/** Each stanza is a separate document and names its namespace (RFC 7395, section 3.3). */
	readonly framed: boolean;
	/**
	 * Resolves with the next element of the negotiation; the listener gets those that `isNext` refuses. Rejects with the reason for
	 * the end of the stream.
	 */
	next(isNext?: (element: Element) => boolean): Promise<Element>;
	/** Passes every element to the listener from now on, starting with those that `next` has not returned. */
	listen(listener: WireListener): void;
	/** Takes in text from the peer, in pieces that cut no character. */
	hear(text: string): void;
	/** Restarts the stream after TLS or signing in (RFC 6120, section 4.3.3). */
	restart(): void;
	/** False if elements were received that `next` has not returned: before encryption, they may have been injected. */
	isQuiet(): boolean;
	/** The element that is incomplete so far; its size is in characters. */
	unfinished(): Unfinished | undefined;
	/** Ends the stream for this reason, unless it has ended already. */
	fault(error: unknown): void;
}

const header = (name: string, element: Element, framed: boolean) => {
	const [local, ns] = framed ? ['open', namespaces.framing] : ['stream', namespaces.stream];
	if (element.name !== local || element.ns !== ns)
		throw fail('not-xmpp', 'The server does not speak XMPP at this address: its stream starts with another element.', {
			evidence: `expected ${name}, got ${element.name.slice(0, 60).replace(/[^\x20-\x7e]/g, '?')}`,
			final: true,
		});
};

export interface WireOptions {
	framed: boolean;
	/** Maximum size of one stanza, in characters. */
	limit: number;
	/** Called when the stream has ended, to close the connection below. */
	close(): void;
}

export function createWire({ framed, limit, close }: WireOptions): Wire {
	const waiting: Received[] = [];
	let requested:
		| { isNext(element: Element): boolean; resolve(element: Element): void; reject(error: unknown): void }
		| undefined;
	let listener: WireListener | undefined;
	let over: Failure | undefined;
	let reader: Reader | undefined;
	/** Time at which the incomplete element began. */
	let since: number | undefined;
	let isDelivered = false;

	function deliver(element: Element, source: string): void {
		if (over) return;
		isDelivered = true;
		if (element.name === 'error' && element.ns === namespaces.stream) {
			fault(new FailureError(streamFailure(element)));
			return;
		}
		if (framed && element.ns === namespaces.framing && element.name !== 'close') {
			header('open', element, true);
			return;
		}
		if (framed && element.ns === namespaces.framing) {
			const other = attribute(element, 'see-other-uri');
			fault(other === undefined ? ended() : new FailureError(redirected(other)));
			return;
		}
		if (listener) listener.element(element, source);
		else if (requested?.isNext(element)) {
			const { resolve } = requested;
			requested = undefined;
			resolve(element);
		} else {
			if (waiting.length >= 1000)
				throw fail('too-early', 'The server sent too many elements before the connection was open.');
			waiting.push({ element, source });
		}
	}

	function fault(error: unknown): void {
		if (over) return;
		over = toFailure(error, 'Data from the server could not be read.');
		reader = undefined;
		requested?.reject(new FailureError(over));
		requested = undefined;
		listener?.over(over);
		close();
	}

	const options = { limit, element: deliver };
	return {
		framed,
		next(isNext = () => true) {
			const at = waiting.findIndex(({ element }) => isNext(element));
			const [first] = at < 0 ? [] : waiting.splice(at, 1);
			if (first) return Promise.resolve(first.element);
			if (over) return Promise.reject(new FailureError(over));
			return new Promise((resolve, reject) => {
				requested = { isNext, resolve, reject };
			});
		},
		listen(receiver) {
			listener = receiver;
			for (const { element, source } of waiting.splice(0)) receiver.element(element, source);
			if (over) receiver.over(over);
		},
		hear(text) {
			try {
				isDelivered = false;
				if (!framed) {
					reader?.write(text);
					if (!reader?.begun) since = undefined;
					else if (isDelivered || since === undefined) since = performance.now();
					return;
				}
				createReader({ limit, element: deliver, level: 0 }).write(text);
				if (!isDelivered)
					throw fail(
						'not-well-formed',
						'The server sent a WebSocket message that is not one complete element (RFC 7395, 3.3.3).',
					);
			} catch (error) {
				fault(error);
			}
		},
		restart() {
			reader = createReader({
				...options,
				level: 1,
				root: (element) => header('stream', element, false),
				end: () => fault(ended()),
			});
		},
		unfinished: () => (since !== undefined && reader?.begun ? { since, bytes: reader.begun } : undefined),
		isQuiet: () => waiting.length === 0,
		fault,
	};
}

const ended = () => fail('closed-by-server', 'The server ended the stream.');

/**
 * Passes the text that a pipe receives to a wire. Bytes are cut anywhere, also within a character: the decoder keeps what
 * is incomplete. Over WebSocket each message is complete.
 */
export function listenTo(pipe: Pipe, wire: Wire): void {
	const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
	const greeting = createGreetingCheck(expectedServer);
	let isSilent = true;
	pipe.listen({
		data(chunk) {
			isSilent = false;
			let text: string | undefined;
			try {
				const bytes = wire.framed ? chunk : greeting(chunk);
				text = bytes && decoder.decode(bytes, { stream: !wire.framed });
			} catch (error) {
				wire.fault(error instanceof FailureError ? error : badEncoding());
				return;
			}
			if (text !== undefined) wire.hear(text);
		},
		closed(failure) {
			const isUnanswered = isSilent && !wire.framed && failure.code === 'closed-by-server';
			wire.fault(new FailureError(isUnanswered ? unanswered('xmpps', 'xmpp') : failure));
		},
	});
}

const badEncoding = () =>
	fail('bad-encoding', 'The server sent bytes that are not valid UTF-8, so the connection was closed.');
