import { isUtf8 } from 'node:buffer';
import { fail } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import type { FieldValue, Values } from '../../../model/profile/field';
import type { XmppVerb } from '../describe/ids';
import { checkJid, checkNode, splitNode } from '../describe/jid';
import { automaticType, type IqPreset } from '../describe/verbs';
import { newId } from '../wire/iqs';
import { readTyped } from '../wire/user-xml';
import { escapeXml, namespaces, xml } from '../wire/xml';

interface Stanza {
	/** Undefined: the user's own account, or everyone who may see the presence. */
	to: string | undefined;
	id: string;
	values: Values;
	body: string;
	/** The receiver is a room that the user is in. */
	toRoom: boolean;
}

/**
 * Writes a draft as XML. `isRoom`: whether the user is in a room with this address. Throws `not-utf8`, `bad-target`,
 * `two-payloads` and what `readTyped` throws.
 */
export function compose({ verb, target, values, payload }: Draft, isRoom: (jid: string) => boolean): string {
	if (!isUtf8(payload))
		throw fail('not-utf8', 'XMPP carries text, and this payload is not valid UTF-8.', {
			remedy: { text: 'Send it as Base64.' },
		});
	const body = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
	if (!Object.hasOwn(composers, verb)) throw fail('bad-verb', `XMPP has no verb "${verb}".`);
	const { check, write } = composers[verb as XmppVerb];
	const wrong = check(target);
	if (wrong) throw fail('bad-target', wrong);
	const to = target === '' ? undefined : target;
	return write({ to, id: text(values.id) ?? newId(), values, body, toRoom: isRoom(target) });
}

const text = (value: FieldValue | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);
const part = (name: string, content: string | undefined) => (content ? xml(name, {}, escapeXml(content)) : '');
const optionalJid = (target: string) => (target === '' ? undefined : checkJid(target));

type Composer = { check(target: string): string | undefined; write(stanza: Stanza): string };

const composers: Record<XmppVerb, Composer> = {
	message: {
		check: checkJid,
		write({ to, id, values, body, toRoom }) {
			const given = text(values.type) ?? automaticType;
			// A room takes nothing but groupchat at its own address (XEP-0045, section 7.4).
			const type = given === automaticType ? (toRoom ? 'groupchat' : 'chat') : given;
			const receipt = values.receipt === true ? xml('request', { xmlns: namespaces.receipts }) : '';
			const content =
				part('subject', text(values.subject)) + xml('body', {}, escapeXml(body)) + part('thread', text(values.thread));
			return xml('message', { type: type === 'normal' ? undefined : type, to, id }, content + receipt);
		},
	},
	presence: {
		check: optionalJid,
		write({ to, id, values, body: status }) {
			const type = text(values.type) ?? 'available';
			const show = text(values.show);
			const { priority } = values;
			const content = [
				part('show', show === 'online' ? undefined : show),
				part('status', status),
				typeof priority === 'number' ? part('priority', String(priority)) : '',
			];
			return xml('presence', { type: type === 'available' ? undefined : type, to, id }, content.join(''));
		},
	},
	iq: {
		check: optionalJid,
		write: ({ to, id, values, body }) =>
			xml('iq', { type: text(values.type) ?? 'get', to, id }, iqContent(values, body)),
	},
	publish: {
		check: checkNode,
		write({ to: target = '', id, values, body }) {
			// An item without content only notifies (XEP-0060, section 4.3).
			if (body.trim() !== '') readTyped(body, '');
			const { service, node } = splitNode(target);
			const item = xml('item', { id: text(values.itemId) }, body.trim());
			const content = xml('pubsub', { xmlns: namespaces.pubsub }, xml('publish', { node }, item));
			return xml('iq', { type: 'set', to: service, id }, content);
		},
	},
	stanza: { check: () => undefined, write: ({ body }) => body },
};

/** The child of an IQ for each preset; `node` where the request has one. */
const presets: Record<Exclude<IqPreset, 'payload'>, (node?: string) => string> = {
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
	if (!Object.hasOwn(presets, preset)) {
		readTyped(body);
		return body;
	}
	if (body.trim() !== '')
		throw fail('two-payloads', 'The chosen preset is the whole request, and there is a payload as well.', {
			remedy: { text: 'Clear the payload, or choose "the payload" as the content.' },
		});
	return presets[preset as keyof typeof presets](text(values.node));
}
