import type { Property } from '../../../model/contracts/session';
import type { ProtocolDescription } from '../../description';
import { profileFields } from './fields';
import { verbs } from './verbs';

/** Bits 8–15 of a message's flags: the frame's opcode where it is not text (RFC 6455, section 5.2). */
export const wsFlag = { binary: 1 << 8, ping: 1 << 9, pong: 1 << 10 } as const;

function frameType(flags: number): string {
	if (flags & wsFlag.ping) return 'ping';
	if (flags & wsFlag.pong) return 'pong';
	return flags & wsFlag.binary ? 'binary' : 'text';
}

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
	resend: ({ flags }) => ({
		values: { type: flags & wsFlag.binary ? 'binary' : 'text' },
		...(flags & (wsFlag.ping | wsFlag.pong) && { lost: `the type of a ${frameType(flags)}, which is a control frame` }),
	}),
	properties(flags): Property[] {
		return [{ label: 'Type', value: typeWords[frameType(flags)] ?? '' }];
	},
};
