import type { Draft, Receipt } from '../../../model/contracts/message';
import type { Prepared, Sending } from '../../adapter';
import { refuseWhenFull } from '../../shared/failures';
import { Receipts } from '../../shared/receipts';
import type { Rooms } from '../browse/rooms';
import { errorOf, evidenceOf, inWords } from '../describe/conditions';
import { splitNode } from '../describe/jid';
import type { Pending } from '../wire/iqs';
import type { OpenStream } from '../wire/open-stream';
import { readTyped } from '../wire/user-xml';
import { attribute, child, type Element, namespaces } from '../wire/xml';
import { compose } from './compose';
import { filed } from './filing';

/** Messages whose later errors and receipts are still recognized. */
const maxRemembered = 1000;

export interface PreparedStanza extends Prepared {
	text: string;
	id?: string;
	to?: string;
	element: Element;
	/** It is a request, so that an answer is expected. */
	asks: boolean;
	/** About the receiver, for the receipt: after a success, and after a refusal. */
	remarks?: { sent?: string; refused?: string };
}

export interface Sends {
	/** Throws what is wrong with the draft: as `compose`, or `not-reading`. */
	prepare(draft: Draft): PreparedStanza;
	send(prepared: PreparedStanza, sending?: Sending): Promise<Receipt>;
	/** The line of the sent stanza to which an error, a receipt (XEP-0184) or a room's copy of it belongs. */
	about(element: Element): number | undefined;
	/** The link has ended: settles everything that is open as `unknown`. */
	lost(): void;
}

export function createSends(stream: OpenStream, rooms: Pick<Rooms, 'has' | 'isOwn'>): Sends {
	const receipts = new Receipts();
	const remembered = new Map<string, { seq: number; refused(error: Element): void }>();

	function prepare(draft: Draft): PreparedStanza {
		refuseWhenFull('server', stream.pipe.waiting, draft.payload.length);
		const composed = compose(draft, rooms.has);
		const element = readTyped(composed);
		const { flags, meta, ...filing } = filed(element, 'to', stream.account);
		const { service, node } = splitNode(draft.target);
		const target = draft.verb === 'publish' ? `${service}/${node}` : filing.target;
		const type = attribute(element, 'type');
		const id = attribute(element, 'id');
		const asks = element.name === 'iq' && id !== undefined && (type === 'get' || type === 'set');
		const text = stream.onWire(composed, element);
		const logged = { target, payload: Buffer.from(text) };
		const to = attribute(element, 'to');
		return { ...{ flags, meta, logged, text, element, id, to, asks }, remarks: remarks(element, to) };
	}

	function remarks(element: Element, to: string | undefined): PreparedStanza['remarks'] {
		if (element.name !== 'message' || to === undefined || !rooms.has(to)) return undefined;
		return attribute(element, 'type') === 'groupchat'
			? { sent: '; sent to everyone in the room (groupchat)' }
			: { refused: '; a message to a room has the type groupchat' };
	}

	function remember(id: string | undefined, seq: number, refused: (error: Element) => void): void {
		if (id === undefined) return;
		remembered.delete(id);
		remembered.set(id, { seq, refused });
		for (const oldest of remembered.keys()) {
			if (remembered.size <= maxRemembered) break;
			remembered.delete(oldest);
		}
	}

	return {
		prepare,
		send({ text, id, to, asks, remarks }, sending) {
			const receipt = receipts.open();
			const also = remarks?.sent ?? '';
			const refused = (element: Element) => {
				const error = errorOf(child(element, 'error'));
				const words = inWords(error.condition) + (remarks?.refused ?? '');
				receipt.settle('refused', (ms) => `refused after ${ms} ms: ${words}`, evidenceOf(error));
			};
			if (asks && id !== undefined) {
				const pending: Pending = {
					seq: sending?.seq,
					answered(element) {
						if (attribute(element, 'type') === 'error') refused(element);
						else receipt.settle('answered', (ms) => `answered in ${ms} ms`);
					},
					lost: () => receipt.lose(),
				};
				stream.iqs.expect(id, to, pending);
				receipt.onAbort(sending?.signal, () => {
					stream.iqs.forget(id, pending);
					receipt.settle('unknown', 'Stopped waiting for the answer.');
				});
				stream.post(text);
				return receipt.promise;
			}
			if (sending) remember(id, sending.seq, refused);
			if (stream.management.on) {
				stream.post(text);
				const cancel = stream.management.acknowledged(() =>
					receipt.settle(
						'acknowledged',
						(ms) => `acknowledged by the server in ${ms} ms (XEP-0198); not proof of delivery${also}`,
					),
				);
				receipt.onSettled(cancel);
			} else
				stream.post(text, (error) => {
					if (error) return;
					const words = (ms: number) => `handed to the network in ${ms} ms; XMPP itself has no acknowledgement${also}`;
					receipt.settle('handed-over', words);
				});
			return receipt.promise;
		},
		about(element) {
			const type = attribute(element, 'type');
			const isError = type === 'error';
			const isCopy = type === 'groupchat' && rooms.isOwn(attribute(element, 'from') ?? '');
			const receipt = child(element, 'received', namespaces.receipts);
			const id = isError || isCopy ? attribute(element, 'id') : receipt && attribute(receipt, 'id');
			const found = id === undefined ? undefined : remembered.get(id);
			if (found && isError) found.refused(element);
			return found?.seq;
		},
		lost: () => receipts.lost(),
	};
}
