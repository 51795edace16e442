import type { Property } from '../../../model/contracts/session';
import type { ProtocolDescription } from '../../description';
import { files } from '../files/files';
import { actions } from './actions';
import { comparison } from './comparison';
import { profileFields } from './fields';
import { isAck, isBinary, sioFlag, wantsAck } from './flags';
import { holding } from './holding';
import { decodeMeta } from './message-meta';
import { presets } from './presets';
import { checkNamespace, namespaceOf } from './target';
import { verbs } from './verbs';

export const socketio: ProtocolDescription<Uint8Array> = {
	id: 'socketio',
	label: 'Socket.IO',
	summary: 'Connect to a Socket.IO server, see every event of its namespaces, emit events and acknowledge them.',
	schemes: [
		{ scheme: 'http', defaultPort: 80, tls: false },
		{ scheme: 'https', defaultPort: 443, tls: true },
		{ scheme: 'ws', defaultPort: 80, tls: false },
		{ scheme: 'wss', defaultPort: 443, tls: true },
	],
	urlPlaceholder: 'http://localhost:3000',
	words: {
		target: 'event',
		targets: 'events',
		subscribe: 'Join',
		unsubscribe: 'Leave',
		send: 'Emit',
		message: 'message',
		messages: 'messages',
		empty: 'No messages yet. Every event that the server emits to this client appears here.',
	},
	separator: '/',
	presets,
	profile: profileFields,
	subscription: {
		label: 'Namespace',
		placeholder: '/admin',
		fields: [],
		check: checkNamespace,
		holds: () => holding,
		identity: ({ target }) => namespaceOf(target),
		sideEffect: 'The server sees this client connect to the namespace and sends its events from then on.',
		unasked: 'The events of the namespace in the URL.',
		suggest: [],
	},
	actions,
	verbs,
	files,
	comparison,
	columns: [
		{
			id: 'kind',
			label: 'Kind',
			title: 'An event, or the acknowledgement of one',
			width: 6,
			text: (flags) => (isAck(flags) ? 'ack' : 'event'),
		},
		{
			id: 'wantsAck',
			label: 'Ack',
			title: 'The sender waits for an acknowledgement',
			width: 3,
			icon: 'reply',
			text: (flags) => (wantsAck(flags) ? 'ack' : ''),
		},
		{
			id: 'binary',
			label: 'Bin',
			title: 'It has binary attachments',
			width: 3,
			icon: 'file-binary',
			text: (flags) => (isBinary(flags) ? 'bin' : ''),
		},
	],
	/** The arguments without the brackets of their list. */
	preview: (start) => start.replace(/^\[\s*/, '').replace(/\s*\]$/, ''),
	properties(flags, meta): Property[] {
		const { ackId, attachments } = decodeMeta(meta);
		return [
			{ label: 'Kind', value: isAck(flags) ? 'Acknowledgement' : 'Event' },
			...(wantsAck(flags) ? [{ label: 'Acknowledgement', value: 'wanted' }] : []),
			...(ackId !== undefined ? [{ label: 'Acknowledgement id', value: ackId }] : []),
			...(attachments.length > 0 ? [{ label: 'Attachments', value: String(attachments.length) }] : []),
			...(flags & sioFlag.volatile ? [{ label: 'Volatile', value: 'yes' }] : []),
			...(flags & sioFlag.numbered ? [{ label: 'Event name', value: 'a number' }] : []),
		];
	},
	/** Named as the placeholders in the list of arguments number them. */
	parts: (_flags, meta) =>
		decodeMeta(meta).attachments.map((bytes, num) => ({ id: `attachment-${num}`, label: `Attachment ${num}`, bytes })),
};
