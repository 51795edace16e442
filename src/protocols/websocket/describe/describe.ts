import type { Property } from '../../../model/contracts/session';
import type { ProtocolDescription } from '../../description';
import { files } from '../files/files';
import { profileFields } from './fields';
import { frameType } from './flags';
import { verbs } from './verbs';

const typeWords: Record<string, string> = {
	text: 'Text',
	binary: 'Binary',
	ping: 'Ping (control frame)',
	pong: 'Pong (control frame)',
};

/** Where a message is filed when the profile groups by nothing. */
export const everything = 'messages';

/** Where a message is filed that does not have the field to group by. */
export const withoutField = (path: string) => `(no ${path})`;

export const websocket: ProtocolDescription = {
	id: 'websocket',
	label: 'WebSocket',
	summary: 'Talks to a WebSocket server: every text and binary message is shown, and you can send both.',
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
		empty:
			'Nothing has arrived yet. Everything that the server sends is shown here; some servers wait for a first message.',
	},
	profile: profileFields,
	verbs,
	columns: [
		{ id: 'type', label: 'Type', title: 'Type of the frame: text, binary, ping or pong', width: 7, text: frameType },
	],
	files,
	properties(flags): Property[] {
		return [{ label: 'Type', value: typeWords[frameType(flags)] ?? '' }];
	},
};
