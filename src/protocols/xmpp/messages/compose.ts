import { isUtf8 } from 'node:buffer';
import { fail } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import type { FieldValue, Values } from '../../../model/profile/field';
import { checkJid, checkNode, splitNode } from '../describe/jid';
import { newId } from '../wire/iqs';
import { readTyped } from '../wire/user-xml';
import { escapeXml, namespaces, xml } from '../wire/xml';

/** A draft as XML. Throws what is wrong with it. */
export function compose({ verb, target, values, payload }: Draft): string {
	if (!isUtf8(payload))
		throw fail('not-utf8', 'XMPP carries text, and this payload is not valid UTF-8.', {
			remedy: { text: 'Send it as Base64.' },
		});
	const body = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
	if (verb === 'stanza') return body;
	const wrong =
		verb === 'publish' ? checkNode(target) : target === '' && verb !== 'message' ? undefined : checkJid(target);
	if (wrong) throw fail('bad-target', wrong);
	const to = target === '' ? undefined : target;
	const id = text(values.id) ?? newId();
	switch (verb) {
		case 'message':
			return message(to, id, values, body);
		case 'presence':
			return presence(to, id, values, body);
		case 'iq':
			return xml('iq', { type: text(values.type) ?? 'get', to, id }, iqContent(values, body));
		case 'publish':
			return publish(target, id, text(values.itemId), body);
		default:
			throw fail('bad-verb', 'XMPP can send a message, a presence, an IQ, an item or raw XML, nothing else.');
	}
}

const text = (value: FieldValue | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);
const part = (name: string, content: string | undefined) => (content ? xml(name, {}, escapeXml(content)) : '');

function message(to: string | undefined, id: string, values: Values, body: string): string {
	const type = text(values.type) ?? 'chat';
	const receipt = values.receipt === true ? xml('request', { xmlns: namespaces.receipts }) : '';
	const content =
		part('subject', text(values.subject)) + xml('body', {}, escapeXml(body)) + part('thread', text(values.thread));
	return xml('message', { type: type === 'normal' ? undefined : type, to, id }, content + receipt);
}

function presence(to: string | undefined, id: string, values: Values, status: string): string {
	const type = text(values.type) ?? 'available';
	const show = text(values.show);
	const { priority } = values;
	const content = [
		part('show', show === 'online' ? undefined : show),
		part('status', status),
		typeof priority === 'number' ? part('priority', String(priority)) : '',
	];
	return xml('presence', { type: type === 'available' ? undefined : type, to, id }, content.join(''));
}

/** The child of an IQ for each preset; `node` where it has one. */
const presets: Record<string, (node?: string) => string> = {
	ping: () => xml('ping', { xmlns: namespaces.ping }),
	info: (node) => xml('query', { xmlns: namespaces.info, node }),
	items: (node) => xml('query', { xmlns: namespaces.items, node }),
	version: () => xml('query', { xmlns: namespaces.version }),
	roster: () => xml('query', { xmlns: namespaces.roster }),
	time: () => xml('time', { xmlns: 'urn:xmpp:time' }),
	last: () => xml('query', { xmlns: 'jabber:iq:last' }),
	vcard: () => xml('vCard', { xmlns: 'vcard-temp' }),
};

function iqContent(values: Values, body: string): string {
	const preset = text(values.preset) ?? 'payload';
	const made = Object.hasOwn(presets, preset) ? presets[preset] : undefined;
	if (!made) {
		readTyped(body);
		return body;
	}
	if (body.trim() !== '')
		throw fail('two-payloads', 'The chosen preset is the whole request, and there is a payload besides.', {
			remedy: { text: 'Clear the payload, or choose "the payload" as the content.' },
		});
	return made(text(values.node));
}

function publish(target: string, id: string, itemId: string | undefined, body: string): string {
	// An item without content only notifies (XEP-0060, 4.3).
	if (body.trim() !== '') readTyped(body, '');
	const { service, node } = splitNode(target);
	const item = xml('item', { id: itemId }, body.trim());
	const content = xml('pubsub', { xmlns: namespaces.pubsub }, xml('publish', { node }, item));
	return xml('iq', { type: 'set', to: service, id }, content);
}
