import { cutText } from '../../../model/text/text';
import { peerText } from '../../shared/peer-text';
import { errorOf } from '../describe/conditions';
import { bareJid } from '../describe/jid';
import { historyFlag, isError, type StanzaMeta, stanzaFlags } from '../describe/stanza-meta';
import { attribute, child, type Element, namespaces } from '../wire/xml';

/** What the log files a stanza under, and what it keeps of it besides its text. */
export interface Filed {
	target: string;
	flags: number;
	meta: StanzaMeta;
}

/** Addresses come again and again; one copy of each is kept, apart from the text it was cut out of. */
interface Address {
	full: string;
	bare: string;
}
const known = new Map<string, Address>();
const mostKnown = 10_000;
/** Most stanzas are to the same address as the one before. */
let last: Address = { full: '', bare: '' };

function address(text: string): Address {
	if (text === last.full) return last;
	const found = known.get(text);
	if (found) return found;
	if (known.size >= mostKnown) known.clear();
	const full = apart(text);
	const made = { full, bare: apart(bareJid(full)) };
	known.set(full, made);
	return made;
}

/** A short piece of a long text would keep all of it in memory. */
const apart = (text: string) => (text.length < 13 ? text : Buffer.from(text).toString());
const usual = /^[ -~]{0,100}$/;
const brief = (text: string) => apart(usual.test(text) ? text : peerText(text, { most: 500 }));

/** `other`: "from" of what was received, "to" of what is sent; `own`: where it is filed without one. */
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
	for (const one of element.children) {
		if (one.ns === namespaces.client || one.ns === '') plainChild(one, meta);
		else {
			const node = extension(one, meta);
			if (node !== undefined) target = `${target}/${node}`;
			if (one.ns === namespaces.delay || one.ns === namespaces.archive) flags |= historyFlag;
		}
	}
	if (isError(flags)) meta.error = errorOf(child(element, 'error'));
	return { target, flags, meta };
}

function plainChild({ name, text }: Element, meta: StanzaMeta): void {
	if (name === 'subject' || name === 'thread' || name === 'show' || name === 'status' || name === 'priority')
		meta[name] = brief(text.trim());
}

/** Returns the node of a PubSub event, under which it is filed (XEP-0060, 7.1.2.1). */
function extension(one: Element, meta: StanzaMeta): string | undefined {
	const { ns, name } = one;
	if (ns === namespaces.delay) {
		meta.delay = brief(attribute(one, 'stamp') ?? '');
		const by = attribute(one, 'from');
		if (by !== undefined) meta.delayedBy = brief(by);
		return undefined;
	}
	// Every server adds the archive's id; that says nothing of what it is.
	if (ns === 'urn:xmpp:sid:0' || ns === 'urn:xmpp:mam:tmp') return undefined;
	meta.content ??= address(cutText(`${name} (${ns})`, 300)).full;
	if (ns === namespaces.mucUser) {
		const codes = one.children
			.filter((status) => status.name === 'status')
			.map((status) => attribute(status, 'code') ?? '');
		if (codes.length > 0) meta.codes = codes.slice(0, 20).map((code) => cutText(code, 10));
	} else if (ns === namespaces.archive && name === 'result') {
		meta.archived = brief(attribute(one, 'id') ?? '');
		const stamp = child(child(one, 'forwarded'), 'delay');
		if (stamp) meta.delay = brief(attribute(stamp, 'stamp') ?? '');
	} else if (ns === namespaces.pubsubEvent)
		return one.children.map((event) => attribute(event, 'node')).find((node) => node);
	return undefined;
}
