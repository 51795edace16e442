import { cutText } from '../../../model/text/text';
import { bareJid, resourceOf } from '../describe/jid';
import type { Line } from '../wire/open-stream';
import { attribute, child, children, type Element, namespaces, xml } from '../wire/xml';

/** A resource's presence (RFC 6121, section 4.7). */
export interface Presence {
	show: string;
	status?: string;
	priority: number;
}

export interface Contact {
	jid: string;
	/** In the roster; otherwise only its presence is known. */
	listed: boolean;
	name?: string;
	/** "both", "to", "from", "none" */
	subscription?: string;
	/** We have asked and were not answered yet. */
	asked: boolean;
	groups: string[];
	resources: Map<string, Presence>;
}

/** A server that never stops telling of others must not fill the memory. */
const mostContacts = 20_000;
const mostResources = 100;

/** The roster once it was asked for, and the presence of everyone who sends it. */
export interface Contacts {
	/** Asks for the roster unless it is known. */
	load(): Promise<void>;
	list(): Contact[];
	find(jid: string): Contact | undefined;
	/** A presence that is no room's. True: something changed. */
	presence(element: Element): boolean;
	/** A roster push, or the roster. */
	update(query: Element): void;
}

export function createContacts(line: Line): Contacts {
	const contacts = new Map<string, Contact>();
	let loading: Promise<void> | undefined;

	function of(jid: string): Contact | undefined {
		const found = contacts.get(jid);
		if (found || contacts.size >= mostContacts) return found;
		const made: Contact = { jid, listed: false, asked: false, groups: [], resources: new Map() };
		contacts.set(jid, made);
		return made;
	}

	function update(query: Element): void {
		for (const item of children(query, 'item')) {
			const jid = attribute(item, 'jid');
			const subscription = attribute(item, 'subscription');
			const contact = jid === undefined ? undefined : of(jid);
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
			loading ??= line
				.ask({ content: xml('query', { xmlns: namespaces.roster }), what: 'The server did not tell the contacts' })
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
			const resource = resourceOf(from) ?? '';
			if (type === 'unavailable') {
				const contact = contacts.get(jid);
				const had = contact?.resources.delete(resource) ?? false;
				if (contact && !contact.listed && contact.resources.size === 0) contacts.delete(jid);
				return had;
			}
			const contact = of(jid);
			if (!contact || (contact.resources.size >= mostResources && !contact.resources.has(resource))) return false;
			contact.resources.set(resource, {
				show: cutText(child(element, 'show')?.text.trim() ?? '', 50) || 'online',
				status: cutText(child(element, 'status')?.text ?? '', 500) || undefined,
				priority: Number(child(element, 'priority')?.text ?? 0) || 0,
			});
			return true;
		},
	};
}
