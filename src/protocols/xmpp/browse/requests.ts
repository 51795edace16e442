import { cutText } from '../../../model/text/text';
import { peerText } from '../../shared/peer-text';
import { bareJid } from '../describe/jid';
import type { OpenStream } from '../wire/open-stream';
import { attribute, child, children, type Element } from '../wire/xml';

export interface ContactRequest {
	/** Bare address. */
	jid: string;
	/** The text that came with it. */
	text?: string;
}

/** Limit of what is kept, so that a flood of requests cannot exhaust the memory. */
const maxRequests = 1000;

/**
 * Requests of others to see the user's presence. A server sends those that are unanswered again after each sign-in
 * (RFC 6121, section 3.1.3). The functions return whether the list has changed.
 */
export interface ContactRequests {
	list(): ContactRequest[];
	/** Takes in a presence: a request, or its withdrawal. */
	presence(element: Element): boolean;
	/** Takes in a stanza of the user, which may be an answer. */
	sent(stanza: Element): boolean;
	/** Takes in a roster push: another client of the user may have accepted. */
	update(query: Element): boolean;
}

export function createContactRequests(stream: Pick<OpenStream, 'account' | 'sink'>): ContactRequests {
	const requests = new Map<string, ContactRequest>();

	return {
		list: () => [...requests.values()],
		presence(element) {
			const jid = bareJid(attribute(element, 'from') ?? '');
			const type = attribute(element, 'type');
			if (type === 'unsubscribe') return requests.delete(jid);
			if (type !== 'subscribe' || jid === '' || jid === stream.account) return false;
			if (requests.has(jid) || requests.size >= maxRequests) return false;
			requests.set(jid, { jid, text: cutText(child(element, 'status')?.text.trim() ?? '', 500) || undefined });
			stream.sink.note(`${peerText(jid)} wants to see your presence. Accept or decline the request under Contacts.`);
			return true;
		},
		sent({ name, attributes }) {
			if (name !== 'presence') return false;
			const { type, to } = attributes;
			return (type === 'subscribed' || type === 'unsubscribed') && requests.delete(bareJid(to ?? ''));
		},
		update(query) {
			let changed = false;
			for (const item of children(query, 'item'))
				if (/^(?:from|both)$/.test(attribute(item, 'subscription') ?? ''))
					changed = requests.delete(attribute(item, 'jid') ?? '') || changed;
			return changed;
		},
	};
}
