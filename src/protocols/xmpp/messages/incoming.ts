import type { Contacts } from '../browse/contacts';
import type { ContactRequests } from '../browse/requests';
import type { Rooms } from '../browse/rooms';
import type { OpenStream } from '../wire/open-stream';
import { attribute, child, type Element, namespaces } from '../wire/xml';
import { answerRequest } from './answering';
import { filed } from './filing';
import type { Sends } from './sending';
import type { Subscribing } from './subscribing';

export interface IncomingOptions {
	stream: OpenStream;
	sends: Sends;
	rooms: Rooms;
	contacts: Contacts;
	requests: ContactRequests;
	subscribing: Subscribing;
}

/** Bytes of the buffer that stanzas are encoded into, and the largest it may grow to. */
const scratchBytes = 64 * 1024;
const maxScratchBytes = 1024 * 1024;

/** Handles every element of an open stream: logs it first, then acts on it. */
export function createIncoming({ stream, sends, rooms, contacts, requests, subscribing }: IncomingOptions) {
	const { sink, management } = stream;
	/** Reused for each stanza, since the log copies. */
	let scratch = Buffer.allocUnsafe(scratchBytes);

	function bytes(source: string): Uint8Array {
		const maxLength = source.length * 3;
		if (maxLength > maxScratchBytes) return Buffer.from(source);
		if (maxLength > scratch.length) scratch = Buffer.allocUnsafe(maxLength);
		return scratch.subarray(0, scratch.write(source, 0));
	}

	function log(element: Element, source: string, answers?: number, subscriptions?: readonly string[]): number {
		const { target, flags, meta } = filed(element, 'from', stream.account);
		return sink.message({ target, payload: bytes(source), flags, meta, answers, subscriptions });
	}

	function iq(element: Element, source: string): void {
		const type = attribute(element, 'type');
		if (type === 'get' || type === 'set') {
			log(element, source);
			answerRequest(stream, element, (query) => {
				contacts.update(query);
				requests.update(query);
				sink.browseChanged();
			});
			return;
		}
		const pending = stream.iqs.take(element);
		const seq = pending?.quiet ? undefined : log(element, source, pending?.seq);
		pending?.answered(element, seq);
	}

	function presence(element: Element, source: string): void {
		const isError = attribute(element, 'type') === 'error';
		if (isError) log(element, source, sends.about(element) ?? rooms.requestOf(element));
		else log(element, source, undefined, rooms.subscriptionsOf(attribute(element, 'from') ?? ''));
		if (rooms.presence(element) || contacts.presence(element) || requests.presence(element)) sink.browseChanged();
	}

	function message(element: Element, source: string): void {
		const type = attribute(element, 'type');
		const from = attribute(element, 'from') ?? '';
		const event = child(element, 'event', namespaces.pubsubEvent) ?? child(element, 'pubsub', namespaces.pubsub);
		const isAbout =
			type === 'error' ||
			(type === 'groupchat' && rooms.isOwn(from)) ||
			element.children.some(({ ns }) => ns === namespaces.receipts);
		// An archive sends its messages from the room's address, but as the answer to a request.
		const isRequested = type === 'error' || child(element, 'result', namespaces.archive) !== undefined;
		const subscriptions = isRequested
			? undefined
			: event
				? subscribing.subscriptionsOf(from, event)
				: rooms.subscriptionsOf(from);
		log(element, source, isAbout ? sends.about(element) : undefined, subscriptions);
		if (type === 'groupchat' && child(element, 'subject')) rooms.subject(element);
		if (event) subscribing.event(from, event);
	}

	const handlers = new Map([
		['message', message],
		['presence', presence],
		['iq', iq],
	]);

	return (element: Element, source: string): void => {
		if (element.ns === namespaces.management) management.take(element);
		else {
			const handle = element.ns === namespaces.client ? handlers.get(element.name) : undefined;
			if (handle) {
				management.received();
				handle(element, source);
			} else log(element, source);
		}
	};
}
