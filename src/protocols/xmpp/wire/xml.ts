import { fail } from '../../../base/failure';

/** An element as the reader returns it. */
export interface Element {
	/** Local name, without the prefix. */
	name: string;
	ns: string;
	/** By name as written, including the prefix; an object without a prototype. */
	attributes: Readonly<Record<string, string | undefined>>;
	children: readonly Element[];
	/** Its own text, without that of its children. */
	text: string;
}

export const namespaces = {
	client: 'jabber:client',
	stream: 'http://etherx.jabber.org/streams',
	streams: 'urn:ietf:params:xml:ns:xmpp-streams',
	stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
	tls: 'urn:ietf:params:xml:ns:xmpp-tls',
	sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
	bind: 'urn:ietf:params:xml:ns:xmpp-bind',
	session: 'urn:ietf:params:xml:ns:xmpp-session',
	framing: 'urn:ietf:params:xml:ns:xmpp-framing',
	channelBinding: 'urn:xmpp:sasl-cb:0',
	management: 'urn:xmpp:sm:3',
	ping: 'urn:xmpp:ping',
	roster: 'jabber:iq:roster',
	version: 'jabber:iq:version',
	info: 'http://jabber.org/protocol/disco#info',
	items: 'http://jabber.org/protocol/disco#items',
	muc: 'http://jabber.org/protocol/muc',
	mucUser: 'http://jabber.org/protocol/muc#user',
	pubsub: 'http://jabber.org/protocol/pubsub',
	pubsubEvent: 'http://jabber.org/protocol/pubsub#event',
	pubsubOwner: 'http://jabber.org/protocol/pubsub#owner',
	delay: 'urn:xmpp:delay',
	archive: 'urn:xmpp:mam:2',
	forward: 'urn:xmpp:forward:0',
	receipts: 'urn:xmpp:receipts',
} as const;

export function attribute(element: Element, name: string): string | undefined {
	return element.attributes[name];
}

export function child(element: Element | undefined, name: string, ns?: string): Element | undefined {
	return element?.children.find((found) => found.name === name && (ns === undefined || found.ns === ns));
}

export function children(element: Element | undefined, name: string): Element[] {
	return element?.children.filter((found) => found.name === name) ?? [];
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Characters that no XML document can hold, not even escaped (XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds control characters.
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/**
 * Escapes text and attributes. Carriage returns become references, since XML would turn them into line feeds. Throws
 * `not-xml-text`.
 */
export function escapeXml(text: string): string {
	const bad = impossible.exec(text)?.[0];
	if (bad !== undefined)
		throw fail(
			'not-xml-text',
			`The text contains the character U+${(bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}, which XML cannot hold.`,
		);
	return text.replace(/[&<>"']/g, (character) => entities[character] as string).replace(/\r/g, '&#13;');
}

const references: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Replaces references in text for display. Anything that is no valid reference stays as it is. */
export function unescapeXml(text: string): string {
	return text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g, (all, name, decimal, hex) => {
		if (name) return references[name] as string;
		const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
		return code <= 0x10ffff ? String.fromCodePoint(code) : all;
	});
}

/** Escapes an attribute, where XML would turn tabs and line feeds into spaces. */
function escapeAttribute(text: string): string {
	return escapeXml(text).replace(/\t/g, '&#9;').replace(/\n/g, '&#10;');
}

/** Writes an element. `content` is XML already. Attributes that are undefined are omitted. */
export function xml(name: string, attributes: Record<string, string | undefined>, content = ''): string {
	let text = `<${name}`;
	for (const [key, value] of Object.entries(attributes))
		if (value !== undefined) text += ` ${key}='${escapeAttribute(value)}'`;
	return content === '' ? `${text}/>` : `${text}>${content}</${name}>`;
}
