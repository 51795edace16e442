import type { Verb } from '../../description';
import type { WebSocketVerb } from './ids';

/** Longest payload of a control frame, in bytes (RFC 6455, section 5.5). */
export const longestPing = 125;

export const verbs: readonly Verb<WebSocketVerb>[] = [
	{
		id: 'send',
		label: 'Send',
		target: 'none',
		checkTarget: () => undefined,
		fields: [
			{
				key: 'type',
				label: 'Type',
				type: 'choice',
				default: 'text',
				choices: [
					{ value: 'text', label: 'Text', help: 'The payload must be valid UTF-8.' },
					{ value: 'binary', label: 'Binary', help: 'Any bytes.' },
				],
			},
		],
		proves:
			'WebSocket has no acknowledgement: the receipt says that the message was handed to the network, not that the server read it.',
	},
	{
		id: 'ping',
		label: 'Ping',
		target: 'none',
		checkTarget: () => undefined,
		fields: [],
		proves: `The server answers a ping with a pong, and the receipt shows the round trip. The payload is at most ${longestPing} bytes.`,
	},
];
