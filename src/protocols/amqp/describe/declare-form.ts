import type { Field } from '../../../model/profile/field';
import { headerHelp } from './header-values';

const argumentsField = (help: string): Field => ({
	key: 'arguments',
	label: 'Other arguments',
	type: 'pairs',
	help: `${help} ${headerHelp}`,
	advanced: true,
});

const nameOf = (what: string, placeholder: string): Field => ({
	key: 'name',
	label: 'Name',
	type: 'text',
	required: true,
	maxBytes: 255,
	placeholder,
	help: `Of the ${what}.`,
});

const amount = (key: string, label: string, help: string, more: { min?: number; unit?: string } = {}): Field => ({
	...{ key, label, help, type: 'number', integer: true, min: more.min ?? 0, max: 2 ** 32, advanced: true },
	...(more.unit && { unit: more.unit }),
});

const durable: Field = {
	key: 'durable',
	label: 'Durable',
	type: 'boolean',
	default: true,
	help: 'It is still there after the server was restarted.',
	advanced: true,
};

/** Fields whose key is the name of an argument, as RabbitMQ calls it, are sent as that argument. */
export const queueFields: readonly Field[] = [
	nameOf('queue', 'email'),
	{
		key: 'type',
		label: 'Type',
		type: 'choice',
		default: 'default',
		choices: [
			{ value: 'default', label: 'as the virtual host has it, usually classic' },
			{ value: 'classic', label: 'classic', help: 'On one node.' },
			{ value: 'quorum', label: 'quorum', help: 'Kept on several nodes; always durable.' },
			{ value: 'stream', label: 'stream', help: 'Keeps its messages after they were read; always durable.' },
		],
	},
	durable,
	{
		key: 'autoDelete',
		label: 'Deleted with its last consumer',
		type: 'boolean',
		default: false,
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
		advanced: true,
	},
	{
		key: 'exclusive',
		label: 'For this connection only',
		type: 'boolean',
		default: false,
		help: 'It is gone when this connection ends, also when it breaks.',
		when: { key: 'type', is: ['default', 'classic'] },
		advanced: true,
	},
	{
		key: 'x-dead-letter-exchange',
		label: 'Dead-letter exchange',
		type: 'text',
		maxBytes: 255,
		placeholder: 'orders.dlx',
		help: 'Where messages go that are rejected, expire, or have no room.',
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
		advanced: true,
	},
	{
		key: 'x-dead-letter-routing-key',
		label: 'Dead-letter routing key',
		type: 'text',
		maxBytes: 255,
		help: 'Instead of the message’s own.',
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
		advanced: true,
	},
	{
		...amount('x-message-ttl', 'Messages expire after', 'Then they are dropped or dead-lettered.', { unit: 'ms' }),
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
	},
	{
		...amount('x-expires', 'Deleted when unused for', 'The whole queue, with its messages.', { min: 1, unit: 'ms' }),
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
	},
	{
		...amount('x-max-length', 'Most messages', 'What is beyond overflows.'),
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
	},
	amount('x-max-length-bytes', 'Most bytes', 'Of the bodies together. What is beyond overflows.'),
	{
		key: 'x-overflow',
		label: 'When it overflows',
		type: 'choice',
		default: 'default',
		choices: [
			{ value: 'default', label: 'as the server has it: the oldest goes' },
			{ value: 'drop-head', label: 'the oldest goes' },
			{ value: 'reject-publish', label: 'new ones are refused' },
			{ value: 'reject-publish-dlx', label: 'new ones are refused, and dead-lettered' },
		],
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
		advanced: true,
	},
	{
		key: 'x-max-age',
		label: 'Messages are kept for',
		type: 'text',
		pattern: '\\d+[YMDhms]',
		placeholder: '7D',
		when: { key: 'type', is: ['stream'] },
		advanced: true,
	},
	argumentsField('For example x-single-active-consumer with (boolean) true, or x-max-priority with (int) 10.'),
];

export const exchangeFields: readonly Field[] = [
	nameOf('exchange', 'orders'),
	{
		key: 'type',
		label: 'Type',
		type: 'choice',
		default: 'topic',
		choices: [
			{ value: 'topic', label: 'topic', help: 'By a pattern over the words of the routing key: orders.*.created' },
			{ value: 'direct', label: 'direct', help: 'By exactly the routing key.' },
			{ value: 'fanout', label: 'fanout', help: 'To everything that is bound.' },
			{ value: 'headers', label: 'headers', help: 'By the headers of the message.' },
			{ value: 'other', label: 'another one', help: 'Of a plugin, such as x-delayed-message.' },
		],
	},
	{
		key: 'otherType',
		label: 'Name of the type',
		type: 'text',
		required: true,
		maxBytes: 255,
		placeholder: 'x-delayed-message',
		when: { key: 'type', is: ['other'] },
	},
	durable,
	{ key: 'autoDelete', label: 'Deleted with its last binding', type: 'boolean', default: false, advanced: true },
	{
		key: 'internal',
		label: 'Internal',
		type: 'boolean',
		default: false,
		help: 'Nobody may publish to it: it gets messages from other exchanges only.',
		advanced: true,
	},
	{
		key: 'alternate-exchange',
		label: 'Alternate exchange',
		type: 'text',
		maxBytes: 255,
		help: 'Gets the messages that find no queue.',
		advanced: true,
	},
	argumentsField('For example x-delayed-type with topic.'),
];

const key: Field = {
	key: 'key',
	label: 'Routing key',
	type: 'text',
	maxBytes: 255,
	placeholder: 'eu.#',
	help: 'Empty for a fanout or headers exchange.',
};

const terms = argumentsField('For a headers exchange: x-match with all or any, and the headers to match.');

export const bindFields: readonly Field[] = [
	{ key: 'exchange', label: 'Exchange', type: 'text', required: true, placeholder: 'orders' },
	key,
	terms,
];

export const bindHereFields: readonly Field[] = [
	{
		key: 'target',
		label: 'Queue or exchange',
		type: 'text',
		required: true,
		placeholder: 'queue/email or exchange/archive',
	},
	key,
	terms,
];
