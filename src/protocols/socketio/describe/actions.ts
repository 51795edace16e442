import type { Action } from '../../description';
import { isAck, wantsAck } from './flags';
import type { SocketIoAction } from './ids';

export const actions: readonly Action<SocketIoAction, Uint8Array>[] = [
	{
		id: 'acknowledge',
		label: 'Acknowledge…',
		icon: 'reply',
		on: { messages: 'one' },
		fits: (flags) => wantsAck(flags) && !isAck(flags),
		settles: true,
		sideEffect: 'The server gets the arguments as the answer to its event.',
		fields: [
			{
				key: 'arguments',
				label: 'Arguments',
				type: 'multiline',
				default: '[]',
				help: 'A JSON list. Any other JSON value is the only argument.',
			},
			{ key: 'attachments', label: 'Attachments', type: 'bytes', many: true },
		],
	},
];
