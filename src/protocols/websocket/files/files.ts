import type { FileSupport } from '../../message-files';
import { frameType, wsFlag } from '../describe/flags';
import type { WebSocketVerb } from '../describe/ids';

export const files: FileSupport<WebSocketVerb, never> = {
	words: [
		{
			name: 'WEBSOCKET',
			aliases: ['WS', 'WSS'],
			action: 'conversation',
			help: 'Opens a WebSocket, sends the messages in order and receives.',
			bareUrls: ['ws', 'wss'],
			url: { required: false, scheme: 'ws', schemes: { http: 'ws', https: 'wss' } },
			profile: {
				fields: ['subprotocols', 'origin'],
				names: { subprotocols: 'Sec-WebSocket-Protocol' },
				headers: 'headers',
			},
		},
	],
	binary: { field: 'type', value: 'binary' },
	values: (flags) => ({ values: { type: frameType(flags) } }),
	resend: ({ flags }) => ({
		values: { type: flags & wsFlag.binary ? 'binary' : 'text' },
		...(flags & (wsFlag.ping | wsFlag.pong) && { lost: `the type of a ${frameType(flags)}, which is a control frame` }),
	}),
	tools: {
		commands: ['wscat', 'websocat'],
		load: async () => (await import('./tools')).tools,
	},
};
