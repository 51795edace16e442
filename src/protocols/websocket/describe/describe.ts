import type { Property } from '../../../model/contracts/session';
import { closeWords } from '../../../model/text/close-words';
import type { ProtocolDescription } from '../../description';
import { files } from '../files/files';
import { comparison } from './comparison';
import { profileFields } from './fields';
import { type CloseMeta, frameType, isData } from './flags';
import { presets } from './presets';
import { verbs } from './verbs';

const typeWords: Record<string, string> = {
	text: 'Text',
	binary: 'Binary',
	ping: 'Ping (control frame)',
	pong: 'Pong (control frame)',
	close: 'Close (control frame)',
};

/** The group of all messages when the profile does not group them. */
export const everything = 'messages';

/** The group of messages that do not have the field. */
export const withoutField = (path: string) => `(no ${path})`;

export const websocket: ProtocolDescription<CloseMeta> = {
	id: 'websocket',
	label: 'WebSocket',
	summary: 'Connect to a WebSocket server, see every text and binary message, and send both.',
	schemes: [
		{ scheme: 'ws', defaultPort: 80, tls: false },
		{ scheme: 'wss', defaultPort: 443, tls: true },
	],
	urlPlaceholder: 'wss://example.com/socket?room=1',
	words: {
		target: 'group',
		targets: 'groups',
		subscribe: 'Receive',
		unsubscribe: 'Stop receiving',
		send: 'Send',
		message: 'message',
		messages: 'messages',
		empty: 'No messages yet. Everything the server sends appears here; some servers wait for a first message.',
	},
	presets,
	profile: profileFields,
	verbs,
	columns: [
		{
			id: 'type',
			label: 'Type',
			title: 'Type of the frame: text, binary, ping, pong or close',
			width: 7,
			text: frameType,
		},
	],
	files,
	comparison,
	conversation: { said: (start, flags) => (isData(flags) ? start : undefined) },
	properties(flags, close): Property[] {
		return [
			{ label: 'Type', value: typeWords[frameType(flags)] ?? '' },
			...(close ? [{ label: 'Code', value: closeWords(close.code) }] : []),
			...(close?.reason ? [{ label: 'Reason', value: close.reason }] : []),
		];
	},
};
