import type { Action } from '../../description';
import type { Amqp1Action } from './ids';

const reason = [
	{
		key: 'condition',
		label: 'Condition',
		type: 'text',
		maxBytes: 255,
		placeholder: 'amqp:not-allowed',
		suggest: ['amqp:decode-error', 'amqp:invalid-field', 'amqp:not-allowed', 'amqp:precondition-failed'],
	},
	{ key: 'description', label: 'Description', type: 'text', maxBytes: 4096 },
] as const;

const modifications = [
	{
		key: 'failed',
		label: 'Delivery failed',
		type: 'boolean',
		default: true,
		help: 'The server counts it as a delivery without success.',
	},
	{
		key: 'undeliverable',
		label: 'Undeliverable here',
		type: 'boolean',
		default: false,
		help: 'The server does not deliver it to this link again.',
	},
] as const;

/** The outcomes of received messages. */
export const actions: readonly Action<Amqp1Action>[] = [
	{
		id: 'accept',
		label: 'Accept',
		icon: 'check',
		group: 'change',
		settles: true,
		on: { messages: 'many' },
		sideEffect: 'The server removes the message.',
	},
	{
		id: 'release',
		label: 'Release',
		icon: 'discard',
		group: 'change',
		settles: true,
		on: { messages: 'many' },
		sideEffect: 'The server delivers the message again, to any receiver.',
	},
	{
		id: 'modify',
		label: 'Modify…',
		icon: 'edit',
		group: 'change',
		settles: true,
		on: { messages: 'many' },
		sideEffect: 'The server delivers the message again, with these changes.',
		fields: modifications,
	},
	{
		id: 'reject',
		label: 'Reject…',
		icon: 'circle-slash',
		group: 'remove',
		settles: true,
		on: { messages: 'many' },
		sideEffect: 'The server does not deliver the message again: it drops it or moves it to a dead-letter address.',
		fields: reason,
	},
	{
		id: 'settle-all',
		label: 'Settle All Waiting Messages…',
		group: 'change',
		on: { connection: true },
		when: { state: 'unsettled', is: true },
		sideEffect: 'Gives all messages that wait for an outcome the same one.',
		fields: [
			{
				key: 'outcome',
				label: 'Outcome',
				type: 'choice',
				default: 'accepted',
				choices: [
					{ value: 'accepted', label: 'Accept' },
					{ value: 'released', label: 'Release' },
					{ value: 'modified', label: 'Modify' },
					{ value: 'rejected', label: 'Reject' },
				],
			},
			...reason.map((field) => ({ ...field, when: { key: 'outcome', is: ['rejected'] } })),
			...modifications.map((field) => ({ ...field, when: { key: 'outcome', is: ['modified'] } })),
		],
	},
];
