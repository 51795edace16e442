import { toText } from '../../../model/contracts/payload';
import type { Values } from '../../../model/profile/field';
import type { Message, Sketch } from '../../shared/commands/sketch';
import { splitNode } from '../describe/jid';
import { isOneElement, isXmlText } from './xml-element';

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' };
/** Line ends and tabs become references, since XML normalizes them (XML 1.0, sections 2.11 and 3.3.3). */
const escaped = (text: string) => text.replace(/[&<>'"]/g, (sign) => signs[sign] as string).replace(/\r/g, '&#13;');
const escapedValue = (text: string) => escaped(text).replace(/\t/g, '&#9;').replace(/\n/g, '&#10;');

function xml(name: string, attributes: Record<string, string | undefined>, content = ''): string {
	const list = Object.entries(attributes).flatMap(([key, value]) =>
		value ? [` ${key}='${escapedValue(value)}'`] : [],
	);
	return `<${name}${list.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`;
}

const disco = 'http://jabber.org/protocol/disco';
const muc = 'http://jabber.org/protocol/muc';
const pubsub = 'http://jabber.org/protocol/pubsub';
/** The elements of the IQs in the field "preset". */
const presets: Record<string, [string, string]> = {
	ping: ['ping', 'urn:xmpp:ping'],
	info: ['query', `${disco}#info`],
	items: ['query', `${disco}#items`],
	version: ['query', 'jabber:iq:version'],
	roster: ['query', 'jabber:iq:roster'],
	time: ['time', 'urn:xmpp:time'],
	last: ['query', 'jabber:iq:last'],
	vcard: ['vCard', 'vcard-temp'],
};

const text = (value: Values[string]) => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * The stanza that a sketch sends, for programs that write it as it is. Undefined if no stanza can carry the payload: it is
 * not text, XML cannot express a character of it, or it is not a single element although it must be.
 */
export function stanzaText(sketch: Sketch, me: string, one: Message | undefined): string | undefined {
	const { verb = 'message', values = {} } = sketch.own ?? {};
	if (one && 'file' in one) return undefined;
	const body = one ? toText(one.bytes) : '';
	const texts = [sketch.target, me, ...Object.values(values).filter((value) => typeof value === 'string')];
	if (body === undefined || ![body, ...texts].every(isXmlText)) return undefined;
	const isXml = body.trim() === '' || isOneElement(body);
	const to = sketch.target === '' ? undefined : sketch.target;
	const id = text(values.id) ?? 'copied-1';
	const part = (name: string, content: string | undefined) => (content ? xml(name, {}, escaped(content)) : '');
	switch (verb) {
		case 'stanza':
			return isOneElement(body) ? body : undefined;
		case 'message': {
			const type = text(values.type) ?? 'chat';
			const receipt = values.receipt === true ? xml('request', { xmlns: 'urn:xmpp:receipts' }) : '';
			const inner = `${part('subject', text(values.subject))}<body>${escaped(body)}</body>${part('thread', text(values.thread))}`;
			return xml('message', { type: type === 'normal' ? undefined : type, to, id }, inner + receipt);
		}
		case 'presence': {
			const { show, type, priority } = values;
			const inner =
				part('show', show === 'online' ? undefined : text(show)) +
				part('status', body) +
				(typeof priority === 'number' ? part('priority', String(priority)) : '');
			return xml('presence', { type: type === 'available' ? undefined : text(type), to, id }, inner);
		}
		case 'iq': {
			const preset = Object.hasOwn(presets, text(values.preset) ?? '') ? presets[text(values.preset) ?? ''] : undefined;
			if (!preset && !isXml) return undefined;
			const inner = preset ? xml(preset[0], { xmlns: preset[1], node: text(values.node) }) : body;
			return xml('iq', { type: text(values.type) ?? 'get', to, id }, inner);
		}
		case 'publish': {
			if (!isXml) return undefined;
			const { service, node } = splitNode(sketch.target);
			const item = xml('item', { id: text(values.itemId) }, body.trim());
			return xml(
				'iq',
				{ type: 'set', to: service, id },
				xml('pubsub', { xmlns: pubsub }, xml('publish', { node }, item)),
			);
		}
		case 'pubsub': {
			const { service, node } = splitNode(sketch.target);
			const inner = xml('subscribe', { node, jid: me });
			return xml('iq', { type: 'set', to: service, id }, xml('pubsub', { xmlns: pubsub }, inner));
		}
		case 'room': {
			const nick = text(values.nick) ?? me.split('@')[0];
			const { history, password } = values;
			const inner =
				(typeof history === 'number' ? xml('history', { maxstanzas: String(history) }) : '') +
				// Passwords are never copied.
				part('password', text(password) && 'ROOM_PASSWORD');
			return xml('presence', { to: `${sketch.target}/${nick}`, id }, xml('x', { xmlns: muc }, inner));
		}
		default:
			return undefined;
	}
}
