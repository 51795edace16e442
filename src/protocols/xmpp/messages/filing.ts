import { cutText } from '../../../model/text/text';
import { peerText } from '../../shared/peer-text';
import { errorOf } from '../describe/conditions';
import { bareJid, splitJid } from '../describe/jid';
import { historyFlag, isError, type StanzaMeta, stanzaFlags } from '../describe/stanza-meta';
import { attribute, child, type Element, namespaces } from '../wire/xml';

/** The target under which the log files a stanza, and what it keeps besides the text. */
export interface Filed {
	target: string;
	flags: number;
	meta: StanzaMeta;
}

/** The same addresses recur; one copy of each is kept, which does not keep the text that it was cut from. */
interface Address {
	full: string;
	bare: string;
}
const addresses = new Map<string, Address>();
const maxAddresses = 10_000;
/** Most stanzas have the same receiver as the one before. */
let last: Address = { full: '', bare: '' };

function address(text: string): Address {
	if (text === last.full) return last;
	const found = addresses.get(text);
	if (found) return found;
	if (addresses.size >= maxAddresses) addresses.clear();
	const full = copied(text);
	const created = { full, bare: copied(bareJid(full)) };
	addresses.set(full, created);
	return created;
}

/** A copy: V8 keeps a substring of 13 or more characters as a view that holds the whole text in memory. */
const copied = (text: string) => (text.length < 13 ? text : Buffer.from(text).toString());
/** Short printable ASCII, which needs no cleaning. */
const plainText = /^[ -~]{0,100}$/;
const brief = (text: string) => copied(plainText.test(text) ? text : peerText(text, { most: 500 }));

/** `other`: "from" for received stanzas, "to" for sent ones; `own`: the target of stanzas without that address. */
export function filed(element: Element, other: 'from' | 'to', own: string): Filed {
	const meta: StanzaMeta = {};
	const from = attribute(element, 'from');
	const to = attribute(element, 'to');
	const id = attribute(element, 'id');
	const sender = from === undefined ? undefined : address(from);
	const receiver = to === undefined ? undefined : address(to);
	if (sender) meta.from = sender.full;
	if (receiver) {
		meta.to = receiver.full;
		last = receiver;
	}
	if (id !== undefined) meta.id = brief(id);
	let flags = stanzaFlags(element.name, attribute(element, 'type'));
	let target = (other === 'from' ? sender : receiver)?.bare || own;
	for (const part of element.children) {
		if (part.ns === namespaces.client || part.ns === '') plainChild(part, meta);
		else {
			const node = extension(part, meta);
			if (node !== undefined) target = `${target}/${node}`;
			if (part.ns === namespaces.delay || part.ns === namespaces.archive) flags |= historyFlag;
		}
	}
	if (isError(flags)) meta.error = errorOf(child(element, 'error'));
	return { target, flags, meta };
}

function plainChild({ name, text }: Element, meta: StanzaMeta): void {
	if (name === 'subject' || name === 'thread' || name === 'show' || name === 'status' || name === 'priority')
		meta[name] = brief(text.trim());
}

/** In a room the nick, elsewhere the part of the address before the @. */
function authorOf(message: Element | undefined): string | undefined {
	const from = message && attribute(message, 'from');
	if (from === undefined) return undefined;
	const { local, domain, resource } = splitJid(from);
	return attribute(message as Element, 'type') === 'groupchat' ? resource : (local ?? domain);
}

/** Returns the node of a PubSub event, under which the event is filed (XEP-0060, 7.1.2.1). */
function extension(part: Element, meta: StanzaMeta): string | undefined {
	const { ns, name } = part;
	if (ns === namespaces.delay) {
		meta.delay = brief(attribute(part, 'stamp') ?? '');
		const by = attribute(part, 'from');
		if (by !== undefined) meta.delayedBy = brief(by);
		return undefined;
	}
	// Every server adds the archive's id, which says nothing about the content.
	if (ns === 'urn:xmpp:sid:0' || ns === 'urn:xmpp:mam:tmp') return undefined;
	meta.content ??= address(cutText(`${name} (${ns})`, 300)).full;
	if (ns === namespaces.mucUser) {
		meta.occupant = true;
		const codes = part.children
			.filter((status) => status.name === 'status')
			.map((status) => attribute(status, 'code') ?? '');
		if (codes.length > 0) meta.codes = codes.slice(0, 20).map((code) => cutText(code, 10));
	} else if (ns === namespaces.archive && name === 'result') {
		meta.archived = brief(attribute(part, 'id') ?? '');
		const forwarded = child(part, 'forwarded');
		const stamp = child(forwarded, 'delay');
		if (stamp) meta.delay = brief(attribute(stamp, 'stamp') ?? '');
		const author = authorOf(child(forwarded, 'message'));
		if (author) meta.author = brief(author);
	} else if (ns === namespaces.pubsubEvent)
		return part.children.map((event) => attribute(event, 'node')).find((node) => node);
	return undefined;
}
