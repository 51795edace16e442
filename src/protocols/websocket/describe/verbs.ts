import type { Verb } from '../../description';
import type { WebSocketVerb } from './ids';

/** Longest payload of a control frame, in bytes (RFC 6455, section 5.5). */
export const longestPing = 125;
/** Longest reason of a close frame, in bytes: the code takes two. */
export const longestReason = longestPing - 2;

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
		binaryValues: { type: 'binary' },
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
	{
		id: 'close',
		label: 'Close',
		target: 'none',
		checkTarget: () => undefined,
		fields: [
			{
				key: 'code',
				label: 'Code',
				type: 'number',
				integer: true,
				min: 1000,
				max: 4999,
				default: 1000,
				help: 'A client may send 1000 (normal closure), or 3000 to 4999: below 4000 codes are registered, from 4000 on they are private.',
			},
			{
				key: 'reason',
				label: 'Reason',
				type: 'text',
				maxBytes: longestReason,
				help: `At most ${longestReason} bytes of UTF-8.`,
			},
		],
		noPayload: true,
		proves:
			'The server answers with a close frame of its own, and the receipt shows its code. The connection is closed then, and not opened again.',
	},
];
