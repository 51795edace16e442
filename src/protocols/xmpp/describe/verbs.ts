import type { Field } from '../../../model/profile/field';
import type { Verb } from '../../description';
import type { XmppVerb } from './ids';
import { checkJid, checkNode } from './jid';

const choices = (...values: string[]) => values.map((value) => ({ value, label: value }));

const iqPresets = [
	{ value: 'payload', label: 'the payload', help: 'One XML element with its namespace.' },
	{ value: 'ping', label: 'ping (XEP-0199)' },
	{ value: 'info', label: 'disco#info (XEP-0030)' },
	{ value: 'items', label: 'disco#items (XEP-0030)' },
	{ value: 'version', label: 'software version (XEP-0092)' },
	{ value: 'time', label: 'time (XEP-0202)' },
	{ value: 'last', label: 'last activity (XEP-0012)' },
	{ value: 'roster', label: 'contact list' },
	{ value: 'vcard', label: 'vCard (XEP-0054)' },
] as const;

/** Content of an IQ: a request that is predefined, or the payload. */
export type IqPreset = (typeof iqPresets)[number]['value'];

/** The type of a message that depends on its receiver. */
export const automaticType = 'auto';

const id: Field = { key: 'id', label: 'Id', type: 'text', placeholder: 'random', advanced: true };
const optional = (target: string) => (target === '' ? undefined : checkJid(target));

export const verbs: readonly Verb<XmppVerb>[] = [
	{
		id: 'message',
		label: 'Message',
		button: 'Send Message',
		formats: ['text'],
		target: 'required',
		targetPlaceholder: 'bob@example.org',
		checkTarget: checkJid,
		fields: [
			{
				key: 'type',
				label: 'Type',
				type: 'choice',
				default: automaticType,
				help: 'By default groupchat to a room that you have joined, otherwise chat.',
				choices: [
					{ value: automaticType, label: 'chat or groupchat' },
					{ value: 'chat', label: 'chat' },
					{ value: 'normal', label: 'normal' },
					{ value: 'groupchat', label: 'groupchat', help: 'To everyone in a room that you have joined.' },
					{ value: 'headline', label: 'headline', help: 'Never stored for offline delivery.' },
				],
			},
			{ key: 'subject', label: 'Subject', type: 'text', advanced: true },
			{ key: 'thread', label: 'Thread', type: 'text', advanced: true },
			{
				key: 'receipt',
				label: 'Ask for a receipt (XEP-0184)',
				type: 'boolean',
				default: false,
				help: "The other client's receipt, if it sends one, is shown as the answer.",
				advanced: true,
			},
			id,
		],
		proves:
			'That the server has received it, where stream management is on (XEP-0198); otherwise that it was handed to the network. An error that is returned later is shown with it.',
	},
	{
		id: 'iq',
		label: 'IQ',
		button: 'Send IQ',
		formats: ['text'],
		target: 'optional',
		targetPlaceholder: 'example.org (empty: your own account)',
		checkTarget: optional,
		fields: [
			{ key: 'type', label: 'Type', type: 'choice', default: 'get', choices: choices('get', 'set') },
			{
				key: 'preset',
				label: 'Content',
				type: 'choice',
				default: 'payload',
				choices: iqPresets,
			},
			{ key: 'node', label: 'Node', type: 'text', when: { key: 'preset', is: ['info', 'items'] } },
			id,
		],
		proves: 'Answered, with the round-trip time, or refused, with the condition; unknown if no answer arrives in time.',
	},
	{
		id: 'presence',
		label: 'Presence',
		button: 'Send Presence',
		formats: ['text'],
		target: 'optional',
		targetPlaceholder: 'bob@example.org (empty: everyone who may see it)',
		checkTarget: optional,
		fields: [
			{
				key: 'type',
				label: 'Type',
				type: 'choice',
				default: 'available',
				choices: choices('available', 'unavailable', 'subscribe', 'subscribed', 'unsubscribe', 'unsubscribed', 'probe'),
			},
			{
				key: 'show',
				label: 'Show',
				type: 'choice',
				default: 'online',
				choices: choices('online', 'chat', 'away', 'xa', 'dnd'),
			},
			{ key: 'priority', label: 'Priority', type: 'number', integer: true, min: -128, max: 127, advanced: true },
			id,
		],
		proves:
			'That the server has received it, where stream management is on (XEP-0198). The payload is the status text.',
	},
	{
		id: 'publish',
		label: 'Publish',
		button: 'Publish Item',
		formats: ['text'],
		target: 'required',
		targetPlaceholder: 'pubsub.example.org/node',
		checkTarget: checkNode,
		fields: [
			{
				key: 'itemId',
				label: 'Item id',
				type: 'text',
				help: 'Replaces an item with the same id. Leave empty to let the service choose one.',
			},
			id,
		],
		proves:
			'Answered by the PubSub service, with the round-trip time, or refused, with the condition. The payload is one XML element.',
	},
	{
		id: 'stanza',
		label: 'Raw XML',
		button: 'Send XML',
		formats: ['text'],
		target: 'none',
		checkTarget: () => undefined,
		fields: [],
		proves:
			'The same as for the kind of stanza that it is. The payload is one well-formed element, sent exactly as written.',
	},
];
