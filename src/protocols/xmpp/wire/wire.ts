import { type Failure, FailureError, fail, toFailure } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { redirected, streamFailure } from '../describe/conditions';
import { createReader, type Reader } from './reader';
import { attribute, type Element, namespaces } from './xml';

export interface Heard {
	element: Element;
	/** Its text as it came. */
	source: string;
}

export interface WireListener {
	element(element: Element, source: string): void;
	/** Exactly once: why the stream is over. */
	over(failure: Failure): void;
}

/** A stream of elements over TCP, TLS or WebSocket. While it is set up it is asked, then it tells. */
export interface Wire {
	/** Each stanza is a document of its own and names its namespace (RFC 7395, section 3.3). */
	readonly framed: boolean;
	/** The next element of the negotiation. Rejects with why the stream is over. */
	next(): Promise<Element>;
	/** From now on every element goes here, first those that nobody has asked for yet. */
	listen(listener: WireListener): void;
	/** Text from the peer, in pieces that cut no character. */
	hear(text: string): void;
	/** The stream begins anew, after TLS or signing in (RFC 6120, section 4.3.3). */
	restart(): void;
	/** Nothing was heard that nobody has asked for: else somebody has put it before the encryption. */
	isQuiet(): boolean;
	/** An element that is not whole yet; its size counts characters. */
	unfinished(): Unfinished | undefined;
	/** It is over for this reason, unless it was already. */
	fault(error: unknown): void;
}

const header = (name: string, element: Element, framed: boolean) => {
	const [local, ns] = framed ? ['open', namespaces.framing] : ['stream', namespaces.stream];
	if (element.name !== local || element.ns !== ns)
		throw fail('not-xmpp', `The server does not speak XMPP here: its stream starts with another element.`, {
			evidence: `expected ${name}, got ${element.name.slice(0, 60).replace(/[^\x20-\x7e]/g, '?')}`,
			final: true,
		});
};

export interface WireOptions {
	framed: boolean;
	/** Of one stanza, in characters. */
	limit: number;
	/** The wire is over: whatever it stands on is closed. */
	close(): void;
}

export function createWire({ framed, limit, close }: WireOptions): Wire {
	const waiting: Heard[] = [];
	let asked: { resolve(element: Element): void; reject(error: unknown): void } | undefined;
	let listener: WireListener | undefined;
	let over: Failure | undefined;
	let reader: Reader | undefined;
	/** When the element began that is not whole yet. */
	let since: number | undefined;
	let whole = false;

	function deliver(element: Element, source: string): void {
		if (over) return;
		whole = true;
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
		else if (asked) {
			const { resolve } = asked;
			asked = undefined;
			resolve(element);
		} else {
			if (waiting.length >= 1000) throw fail('too-early', 'The server sent too much before the connection was open.');
			waiting.push({ element, source });
		}
	}

	function fault(error: unknown): void {
		if (over) return;
		over = toFailure(error, 'What the server sent could not be read.');
		reader = undefined;
		asked?.reject(new FailureError(over));
		asked = undefined;
		listener?.over(over);
		close();
	}

	const options = { limit, element: deliver };
	return {
		framed,
		next() {
			const first = waiting.shift();
			if (first) return Promise.resolve(first.element);
			if (over) return Promise.reject(new FailureError(over));
			return new Promise((resolve, reject) => {
				asked = { resolve, reject };
			});
		},
		listen(given) {
			listener = given;
			for (const { element, source } of waiting.splice(0)) given.element(element, source);
			if (over) given.over(over);
		},
		hear(text) {
			try {
				whole = false;
				if (!framed) {
					reader?.write(text);
					if (!reader?.begun) since = undefined;
					else if (whole || since === undefined) since = performance.now();
					return;
				}
				createReader({ limit, element: deliver, level: 0 }).write(text);
				if (!whole)
					throw fail(
						'not-well-formed',
						'The server sent a WebSocket message that is no whole element (RFC 7395, 3.3.3).',
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
