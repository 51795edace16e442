import type { Property } from '../../../model/contracts/session';
import type { Action, Mode, ProtocolDescription } from '../../description';
import { files } from '../files/files';
import { profileFields, roomFields } from './fields';
import type { XmppAction, XmppMode } from './ids';
import { checkJid, checkNode } from './jid';
import { preview } from './preview';
import { properties } from './properties';
import { historyFlag, stanzaOf } from './stanza-meta';
import { verbs } from './verbs';

const count: NonNullable<Action['fields']> = [
	{ key: 'count', label: 'At most', type: 'number', integer: true, min: 1, max: 1000, default: 50 },
];

const actions: readonly Action<XmppAction>[] = [
	{
		id: 'ping',
		label: 'Ping',
		icon: 'pulse',
		on: { nodes: ['contact', 'resource', 'occupant', 'room', 'joined', 'entity', 'service'] },
	},
	{ id: 'items', label: 'Load Items into the Log…', icon: 'history', on: { nodes: ['node'] }, fields: count },
	{
		id: 'archive',
		label: 'Load Archive into the Log…',
		icon: 'history',
		on: { nodes: ['contact', 'joined'], connection: true },
		fields: count,
	},
	{
		id: 'create-node',
		label: 'Create Node…',
		icon: 'add',
		on: { nodes: ['service'] },
		sideEffect: 'Makes a node at the service; you own it.',
		fields: [{ key: 'node', label: 'Name', type: 'text', required: true }],
	},
	{
		id: 'delete-node',
		label: 'Delete Node',
		icon: 'trash',
		on: { nodes: ['node'] },
		sideEffect: 'Its items and subscriptions are lost.',
	},
	{
		id: 'retract',
		label: 'Retract Item',
		icon: 'trash',
		on: { nodes: ['item'] },
		sideEffect: 'The item is taken out of its node, and subscribers are told.',
	},
	{
		id: 'add-contact',
		label: 'Add Contact…',
		icon: 'add',
		on: { connection: true },
		sideEffect: 'The contact list of the account changes, and the other is asked.',
		fields: [
			{ key: 'jid', label: 'Address', type: 'text', required: true, placeholder: 'bob@example.org' },
			{ key: 'name', label: 'Name', type: 'text' },
			{ key: 'ask', label: 'Ask to see their presence', type: 'boolean', default: true },
		],
	},
	{
		id: 'remove-contact',
		label: 'Remove Contact',
		icon: 'trash',
		on: { nodes: ['contact'] },
		sideEffect: 'Presence is not exchanged any more, either way.',
	},
];

export const xmpp: ProtocolDescription = {
	id: 'xmpp',
	label: 'XMPP',
	summary:
		'Signs in to an XMPP server: every stanza is shown; contacts, rooms, services and PubSub can be looked through.',
	schemes: [
		{ scheme: 'xmpp', defaultPort: 5222, tls: true },
		{ scheme: 'xmpps', defaultPort: 5223, tls: true },
		{ scheme: 'ws', defaultPort: 80, tls: false },
		{ scheme: 'wss', defaultPort: 443, tls: true },
	],
	urlPlaceholder: 'xmpp://example.org',
	words: {
		target: 'address',
		targets: 'addresses',
		subscribe: 'Subscribe or join',
		unsubscribe: 'Unsubscribe or leave',
		send: 'Send',
		message: 'stanza',
		messages: 'stanzas',
		empty:
			'Nothing has arrived yet. What is sent to the account comes by itself; rooms are joined and PubSub nodes subscribed to.',
	},
	separator: '/',
	profile: profileFields,
	subscription: {
		placeholder: 'pubsub.example.org/node',
		fields: [],
		check: (target, mode) => (mode === 'room' ? checkJid(target) : checkNode(target)),
		sideEffect: 'The service sends what happens at the node to this connection.',
		unasked: 'what is sent to the account',
		suggest: [],
		modes: [
			{
				id: 'pubsub',
				label: 'PubSub node',
				icon: 'rss',
				placeholder: 'pubsub.example.org/node',
				sideEffect: 'The service notes this connection as a subscriber until it is ended or disconnected.',
			},
			{
				id: 'room',
				label: 'Room',
				icon: 'comment-discussion',
				placeholder: 'room@conference.example.org',
				sideEffect: 'Everybody in the room sees you come and go, and the room may tell them your address.',
				intrusive: true,
				fields: roomFields,
			},
		] satisfies readonly Mode<XmppMode>[],
	},
	browse: {
		label: 'Contacts, rooms and services',
		kinds: {
			folder: { label: 'Folder', icon: 'folder' },
			contact: { label: 'Contact', icon: 'account' },
			resource: { label: 'Resource', icon: 'device-desktop' },
			room: { label: 'Room', icon: 'comment' },
			joined: { label: 'Room that you are in', icon: 'comment-discussion' },
			occupant: { label: 'Occupant', icon: 'person' },
			entity: { label: 'Service or node', icon: 'server' },
			identity: { label: 'Identity', icon: 'info' },
			features: { label: 'Features', icon: 'list-unordered' },
			feature: { label: 'Feature', icon: 'symbol-constant' },
			service: { label: 'PubSub service', icon: 'broadcast' },
			node: { label: 'PubSub node', icon: 'rss' },
			item: { label: 'Item', icon: 'file-code' },
		},
	},
	actions,
	verbs,
	again: 'stanza',
	files,
	columns: [
		{ id: 'kind', label: 'Kind', title: 'Message, presence or IQ', width: 8, text: (flags) => stanzaOf(flags).kind },
		{ id: 'type', label: 'Type', title: 'Type of the stanza', width: 11, text: (flags) => stanzaOf(flags).type },
		{
			id: 'history',
			label: 'H',
			title: 'History: said before we listened, and kept by a room or an archive',
			width: 1,
			text: (flags) => (flags & historyFlag ? 'H' : ''),
		},
	],
	preview,
	properties: (flags, meta): Property[] => properties(flags, meta),
	textPayloads: true,
	contentType: () => 'application/xml',
};
