import type { Field } from '../../../model/profile/field';
import type { Verb } from '../../description';
import type { SocketIoVerb } from './ids';
import { checkEvent } from './target';

/** Notation of the arguments: a JSON list, or the payload as the only argument. */
const as: Field = {
	key: 'as',
	label: 'Send as',
	type: 'choice',
	default: 'list',
	choices: [
		{
			value: 'list',
			label: 'List of arguments',
			help: 'A JSON list. Any other JSON value is the only argument, and nothing means no arguments.',
		},
		{ value: 'text', label: 'One text', help: 'The payload is one argument, a string.' },
		{ value: 'binary', label: 'One attachment', help: 'The payload is one binary argument.' },
	],
};

const attachments: Field = {
	key: 'attachments',
	label: 'Attachments',
	type: 'bytes',
	many: true,
	help: 'Binary arguments. { "_placeholder": true, "num": 0 } in the list stands for the first one; those without a placeholder follow as further arguments.',
};

export const verbs: readonly Verb<SocketIoVerb>[] = [
	{
		id: 'emit',
		label: 'Emit',
		target: 'required',
		targetPlaceholder: 'chat/message',
		checkTarget: checkEvent,
		fields: [
			as,
			attachments,
			{
				key: 'volatile',
				label: 'Volatile',
				type: 'boolean',
				default: false,
				advanced: true,
				help: 'Not sent if earlier messages still wait for the network.',
			},
		],
		binaryValues: { as: 'binary' },
		proves:
			'An event without an acknowledgement proves that it was handed to the network, not that the server read it.',
	},
	{
		id: 'request',
		label: 'Emit with Acknowledgement',
		button: 'Emit',
		target: 'required',
		targetPlaceholder: 'chat/message',
		checkTarget: checkEvent,
		fields: [
			as,
			attachments,
			{
				key: 'ackTimeout',
				label: 'Wait at most',
				type: 'number',
				min: 0.1,
				max: 3600,
				unit: 's',
				default: 10,
				help: 'A later acknowledgement is logged as well.',
			},
		],
		binaryValues: { as: 'binary' },
		proves: 'The acknowledgement of the server, with the round trip. Its arguments are a message in the log.',
	},
];
