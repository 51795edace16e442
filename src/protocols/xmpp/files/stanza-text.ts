import { toText } from '../../../model/contracts/payload';
import type { Values } from '../../../model/profile/field';
import type { Message, Sketch } from '../../shared/commands/sketch';
import { splitNode } from '../describe/jid';
import { automaticType } from '../describe/verbs';
import { escapeXml, namespaces, xml } from '../wire/xml';
import { isOneElement, isXmlText } from './xml-element';

/** The elements of the IQs in the field "preset". */
const presets: Record<string, [string, string]> = {
	ping: ['ping', namespaces.ping],
	info: ['query', namespaces.info],
	items: ['query', namespaces.items],
	version: ['query', namespaces.version],
	roster: ['query', namespaces.roster],
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
	const part = (name: string, content: string | undefined) => (content ? xml(name, {}, escapeXml(content)) : '');
	switch (verb) {
		case 'stanza':
			return isOneElement(body) ? body : undefined;
		case 'message': {
			const given = text(values.type) ?? automaticType;
			const type = given === automaticType ? 'chat' : given;
			const receipt = values.receipt === true ? xml('request', { xmlns: namespaces.receipts }) : '';
			const inner = `${part('subject', text(values.subject))}<body>${escapeXml(body)}</body>${part('thread', text(values.thread))}`;
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
				xml('pubsub', { xmlns: namespaces.pubsub }, xml('publish', { node }, item)),
			);
		}
		case 'pubsub': {
			const { service, node } = splitNode(sketch.target);
			const inner = xml('subscribe', { node, jid: me });
			return xml('iq', { type: 'set', to: service, id }, xml('pubsub', { xmlns: namespaces.pubsub }, inner));
		}
		case 'room': {
			const nick = text(values.nick) ?? me.split('@')[0];
			const { history, password } = values;
			const inner =
				(typeof history === 'number' ? xml('history', { maxstanzas: String(history) }) : '') +
				// Passwords are never copied.
				part('password', text(password) && 'ROOM_PASSWORD');
			return xml('presence', { to: `${sketch.target}/${nick}`, id }, xml('x', { xmlns: namespaces.muc }, inner));
		}
		default:
			return undefined;
	}
}
