import type { Contacts } from '../browse/contacts';
import type { Rooms } from '../browse/rooms';
import type { Line } from '../wire/open-stream';
import { attribute, child, type Element, namespaces } from '../wire/xml';
import { answerRequest } from './answering';
import { filed } from './filing';
import type { Sends } from './sending';
import type { Subscribing } from './subscribing';

export interface IncomingOptions {
	line: Line;
	sends: Sends;
	rooms: Rooms;
	contacts: Contacts;
	subscribing: Subscribing;
}

/** Every element of an open stream: logged first, then understood. */
export function createIncoming({ line, sends, rooms, contacts, subscribing }: IncomingOptions) {
	const { sink, management } = line;
	/** A buffer that is written over: the log copies. */
	let scratch = Buffer.allocUnsafe(64 * 1024);

	function bytes(source: string): Uint8Array {
		const most = source.length * 3;
		if (most > 1024 * 1024) return Buffer.from(source);
		if (most > scratch.length) scratch = Buffer.allocUnsafe(most);
		return scratch.subarray(0, scratch.write(source, 0));
	}

	function log(element: Element, source: string, answers?: number): number {
		const { target, flags, meta } = filed(element, 'from', line.account);
		return sink.message({ target, payload: bytes(source), flags, meta, answers });
	}

	function iq(element: Element, source: string): void {
		const type = attribute(element, 'type');
		if (type === 'get' || type === 'set') {
			log(element, source);
			answerRequest(line, element, (query) => {
				contacts.update(query);
				sink.browseChanged();
			});
			return;
		}
		const pending = line.iqs.take(element);
		if (pending?.quiet) return;
		const seq = log(element, source, pending?.seq);
		pending?.answered(element, seq);
	}

	function presence(element: Element, source: string): void {
		const isError = attribute(element, 'type') === 'error';
		log(element, source, isError ? (sends.about(element) ?? rooms.asked(element)) : undefined);
		if (rooms.presence(element) || contacts.presence(element)) sink.browseChanged();
	}

	function message(element: Element, source: string): void {
		const type = attribute(element, 'type');
		const isAbout = type === 'error' || element.children.some(({ ns }) => ns === namespaces.receipts);
		log(element, source, isAbout ? sends.about(element) : undefined);
		if (type === 'groupchat' && child(element, 'subject')) rooms.subject(element);
		const event = child(element, 'event', namespaces.pubsubEvent) ?? child(element, 'pubsub', namespaces.pubsub);
		if (event) subscribing.event(attribute(element, 'from') ?? '', event);
	}

	const known = new Map([
		['message', message],
		['presence', presence],
		['iq', iq],
	]);

	return (element: Element, source: string): void => {
		if (element.ns === namespaces.management) management.take(element);
		else {
			const understand = element.ns === namespaces.client ? known.get(element.name) : undefined;
			if (understand) {
				management.received();
				understand(element, source);
			} else log(element, source);
		}
	};
}
