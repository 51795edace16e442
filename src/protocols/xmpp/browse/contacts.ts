import { cutText } from '../../../model/text/text';
import { bareJid, resourceOf } from '../describe/jid';
import type { OpenStream } from '../wire/open-stream';
import { attribute, child, children, type Element, namespaces, xml } from '../wire/xml';

/** The presence of one resource (RFC 6121, section 4.7). */
export interface Presence {
	show: string;
	status?: string;
	priority: number;
}

export interface Contact {
	jid: string;
	/** In the roster; false if only its presence has been received. */
	listed: boolean;
	name?: string;
	/** "both", "to", "from", "none" */
	subscription?: string;
	/** A request to see the contact's presence is unanswered. */
	asked: boolean;
	groups: string[];
	resources: Map<string, Presence>;
}

/** Limits of what is kept, so that a server that sends presence without end cannot exhaust the memory. */
const maxContacts = 20_000;
const maxResources = 100;

/** The roster, and the presence of everyone who sends it. */
export interface Contacts {
	/** Requests the roster unless it has been received. */
	load(): Promise<void>;
	list(): Contact[];
	find(jid: string): Contact | undefined;
	/** Takes in a presence that comes from no room. Returns whether anything has changed. */
	presence(element: Element): boolean;
	/** Takes in a roster push, or the roster. */
	update(query: Element): void;
}

export function createContacts(stream: OpenStream): Contacts {
	const contacts = new Map<string, Contact>();
	let loading: Promise<void> | undefined;

	function findOrAdd(jid: string): Contact | undefined {
		const found = contacts.get(jid);
		if (found || contacts.size >= maxContacts) return found;
		const contact: Contact = { jid, listed: false, asked: false, groups: [], resources: new Map() };
		contacts.set(jid, contact);
		return contact;
	}

	function update(query: Element): void {
		for (const item of children(query, 'item')) {
			const jid = attribute(item, 'jid');
			const subscription = attribute(item, 'subscription');
			const contact = jid === undefined ? undefined : findOrAdd(jid);
			if (!contact || !jid) continue;
			if (subscription === 'remove') {
				contact.listed = false;
				if (contact.resources.size === 0) contacts.delete(jid);
			} else
				Object.assign(contact, {
					listed: true,
					name: attribute(item, 'name'),
					subscription,
					asked: attribute(item, 'ask') === 'subscribe',
					groups: children(item, 'group').map(({ text }) => text),
				});
		}
	}

	return {
		update,
		load() {
			loading ??= stream
				.ask({
					content: xml('query', { xmlns: namespaces.roster }),
					refused: 'The server did not send the contact list',
					browsing: true,
				})
				.then(({ element }) => update(child(element, 'query') ?? element))
				.catch((error) => {
					loading = undefined;
					throw error;
				});
			return loading;
		},
		list: () => [...contacts.values()],
		find: (jid) => contacts.get(jid),
		presence(element) {
			const from = attribute(element, 'from');
			const type = attribute(element, 'type');
			if (from === undefined || (type !== undefined && type !== 'unavailable')) return false;
			const jid = bareJid(from);
			// The user's own clients, including this one.
			if (jid === stream.account) return false;
			const resource = resourceOf(from) ?? '';
			if (type === 'unavailable') {
				const contact = contacts.get(jid);
				const wasThere = contact?.resources.delete(resource) ?? false;
				if (contact && !contact.listed && contact.resources.size === 0) contacts.delete(jid);
				return wasThere;
			}
			const contact = findOrAdd(jid);
			if (!contact || (contact.resources.size >= maxResources && !contact.resources.has(resource))) return false;
			contact.resources.set(resource, {
				show: cutText(child(element, 'show')?.text.trim() ?? '', 50) || 'online',
				status: cutText(child(element, 'status')?.text ?? '', 500) || undefined,
				priority: Number(child(element, 'priority')?.text ?? 0) || 0,
			});
			return true;
		},
	};
}
