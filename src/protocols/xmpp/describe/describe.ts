import { cannotHold } from '../../../model/contracts/hold';
import type { Mode, ProtocolDescription } from '../../description';
import { files } from '../files/files';
import { actions } from './actions';
import { authorship } from './authorship';
import { comparison } from './comparison';
import { delivery } from './delivery';
import { profileFields, roomFields, secretNeeded } from './fields';
import type { XmppMode } from './ids';
import { checkJid, checkNode } from './jid';
import { presets } from './presets';
import { preview, said } from './preview';
import { properties } from './properties';
import { historyFlag, type StanzaMeta, stanzaOf } from './stanza-meta';
import { verbs } from './verbs';

const modes: readonly Mode<XmppMode>[] = [
	{
		id: 'pubsub',
		stop: 'Unsubscribe',
		label: 'PubSub Node',
		menu: 'Subscribe',
		icon: 'rss',
		targetLabel: 'Node',
		placeholder: 'pubsub.example.org/node',
		sideEffect: 'The service registers this connection as a subscriber until you unsubscribe or disconnect.',
	},
	{
		id: 'room',
		label: 'Room',
		stop: 'Leave Room',
		menu: 'Join Room',
		icon: 'comment-discussion',
		targetLabel: 'Room',
		placeholder: 'room@conference.example.org',
		sideEffect: 'Everyone in the room sees you join and leave; the room may reveal your address.',
		intrusive: true,
		fields: roomFields,
	},
];

export const xmpp: ProtocolDescription<StanzaMeta> = {
	id: 'xmpp',
	label: 'XMPP',
	summary: 'Sign in to an XMPP server, see every stanza, and browse contacts, rooms, services and PubSub.',
	server: 'an XMPP server',
	schemes: [
		{ scheme: 'xmpp', defaultPort: 5222, tls: true },
		{ scheme: 'xmpps', defaultPort: 5223, tls: true },
		{ scheme: 'ws', defaultPort: 80, tls: false },
		{ scheme: 'wss', defaultPort: 443, tls: true },
	],
	urlPlaceholder: 'xmpp://example.org',
	client: 'resource',
	words: {
		target: 'address',
		targets: 'addresses',
		subscribe: 'Subscribe or join',
		unsubscribe: 'Unsubscribe or leave',
		send: 'Send',
		message: 'stanza',
		messages: 'stanzas',
		empty:
			'Nothing has arrived yet. Messages to your account arrive automatically. Join rooms or subscribe to PubSub nodes to see more.',
	},
	separator: '/',
	presets,
	profile: profileFields,
	secretNeeded,
	subscription: {
		placeholder: 'pubsub.example.org/node',
		fields: [],
		check: (target, mode) => (mode === 'room' ? checkJid(target) : checkNode(target)),
		sideEffect: 'The service sends the events of the node to this connection.',
		unasked: 'messages to the account',
		holds: () =>
			cannotHold('Messages of rooms and nodes are not acknowledged, so the service does not deliver them again.'),
		suggest: [],
		modes,
	},
	browse: {
		label: 'Contacts, rooms and services',
		kinds: {
			folder: { label: 'Folder', icon: 'folder' },
			contacts: { label: 'Contacts', icon: 'organization' },
			request: { label: 'Contact request', icon: 'person-add' },
			contact: { label: 'Contact', icon: 'account' },
			resource: { label: 'Resource', icon: 'device-desktop' },
			room: { label: 'Room', icon: 'comment' },
			joined: { label: 'Joined room', icon: 'comment-discussion' },
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
	comparison,
	columns: [
		{ id: 'kind', label: 'Kind', title: 'Message, presence or IQ', width: 8, text: (flags) => stanzaOf(flags).kind },
		{ id: 'type', label: 'Type', title: 'Type of the stanza', width: 11, text: (flags) => stanzaOf(flags).type },
		{
			id: 'history',
			label: 'H',
			icon: 'history',
			title: 'History: sent earlier and kept by a room or an archive',
			width: 1,
			text: (flags) => (flags & historyFlag ? 'H' : ''),
		},
	],
	preview,
	conversation: { said },
	authorship,
	delivery,
	properties,
	textPayloads: true,
	contentType: () => 'application/xml',
};
