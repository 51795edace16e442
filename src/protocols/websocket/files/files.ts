import type { FileSupport, Logged, Resent } from '../../message-files';
import { type CloseMeta, frameType, wsFlag } from '../describe/flags';
import type { WebSocketVerb } from '../describe/ids';

const schemes = { http: 'ws', https: 'wss' };

export const files: FileSupport<WebSocketVerb, never> = {
	words: [
		{
			name: 'WEBSOCKET',
			aliases: ['WS', 'WSS'],
			action: 'conversation',
			help: 'Opens a WebSocket, sends the messages in order and receives.',
			bareUrls: ['ws', 'wss'],
			url: { required: false, scheme: 'ws', schemes },
			profile: {
				fields: ['subprotocols', 'origin'],
				names: { subprotocols: 'Sec-WebSocket-Protocol' },
				headers: 'headers',
			},
		},
		{
			name: 'CLOSE',
			action: 'send',
			help: 'Closes a WebSocket with a code and a reason.',
			verb: 'close',
			url: { required: false, scheme: 'ws', schemes },
		},
	],
	binary: { field: 'type', value: 'binary' },
	values: (flags) => ({ values: { type: frameType(flags) } }),
	resend,
	tools: {
		commands: ['wscat', 'websocat'],
		load: async () => (await import('./tools')).tools,
	},
};

function resend({ flags, meta }: Logged<Partial<CloseMeta>>): Resent<WebSocketVerb> {
	if (flags & wsFlag.close)
		return { verb: 'close', values: { code: meta?.code, reason: meta?.reason }, payload: new Uint8Array() };
	const type = frameType(flags);
	const isControl = (flags & (wsFlag.ping | wsFlag.pong)) !== 0;
	return {
		values: { type: flags & wsFlag.binary ? 'binary' : 'text' },
		...(isControl && { lost: `the type of a ${type}, which is a control frame` }),
	};
}
