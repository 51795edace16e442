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
	help: `Name of the ${what}.`,
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
	help: 'Survives a server restart.',
	advanced: true,
};

/** A field whose key is the name of a RabbitMQ argument is sent as that argument. */
export const queueFields: readonly Field[] = [
	nameOf('queue', 'email'),
	{
		key: 'type',
		label: 'Type',
		type: 'choice',
		default: 'default',
		choices: [
			{ value: 'default', label: 'Virtual host default (usually classic)' },
			{ value: 'classic', label: 'classic', help: 'Stored on one node.' },
			{ value: 'quorum', label: 'quorum', help: 'Replicated to several nodes; always durable.' },
			{ value: 'stream', label: 'stream', help: 'Keeps messages after they are read; always durable.' },
		],
	},
	durable,
	{
		key: 'autoDelete',
		label: 'Auto-delete (with its last consumer)',
		type: 'boolean',
		default: false,
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
		advanced: true,
	},
	{
		key: 'exclusive',
		label: 'Exclusive (for this connection only)',
		type: 'boolean',
		default: false,
		help: 'Deleted when this connection ends for any reason.',
		when: { key: 'type', is: ['default', 'classic'] },
		advanced: true,
	},
	{
		key: 'x-dead-letter-exchange',
		label: 'Dead-letter exchange',
		type: 'text',
		maxBytes: 255,
		placeholder: 'orders.dlx',
		help: 'Receives messages that are rejected, expire or overflow.',
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
		advanced: true,
	},
	{
		key: 'x-dead-letter-routing-key',
		label: 'Dead-letter routing key',
		type: 'text',
		maxBytes: 255,
		help: 'Replaces the routing key of the message.',
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
		advanced: true,
	},
	{
		...amount('x-message-ttl', 'Message TTL (x-message-ttl)', 'Expired messages are dropped or dead-lettered.', {
			unit: 'ms',
		}),
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
	},
	{
		...amount('x-expires', 'Expires after idle (x-expires)', 'Deletes the whole queue with its messages.', {
			min: 1,
			unit: 'ms',
		}),
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
	},
	{
		...amount('x-max-length', 'Max length (x-max-length)', 'Maximum number of messages; the rest overflows.'),
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
	},
	amount(
		'x-max-length-bytes',
		'Max size (bytes, x-max-length-bytes)',
		'Maximum total size of message bodies; the rest overflows.',
	),
	{
		key: 'x-overflow',
		label: 'Overflow behavior (x-overflow)',
		type: 'choice',
		default: 'default',
		choices: [
			{ value: 'default', label: 'Server default (drop the oldest)' },
			{ value: 'drop-head', label: 'Drop the oldest' },
			{ value: 'reject-publish', label: 'Reject new messages' },
			{ value: 'reject-publish-dlx', label: 'Reject and dead-letter new messages' },
		],
		when: { key: 'type', is: ['default', 'classic', 'quorum'] },
		advanced: true,
	},
	{
		key: 'x-max-age',
		label: 'Max age (x-max-age)',
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
			{
				value: 'topic',
				label: 'topic',
				help: 'Routes by a pattern over the words of the routing key, such as orders.*.created',
			},
			{ value: 'direct', label: 'direct', help: 'Routes by the exact routing key.' },
			{ value: 'fanout', label: 'fanout', help: 'Routes to all bindings.' },
			{ value: 'headers', label: 'headers', help: 'Routes by the headers of the message.' },
			{ value: 'other', label: 'other', help: 'A type of a plugin, such as x-delayed-message.' },
		],
	},
	{
		key: 'otherType',
		label: 'Type name',
		type: 'text',
		required: true,
		maxBytes: 255,
		placeholder: 'x-delayed-message',
		when: { key: 'type', is: ['other'] },
	},
	durable,
	{ key: 'autoDelete', label: 'Auto-delete (with its last binding)', type: 'boolean', default: false, advanced: true },
	{
		key: 'internal',
		label: 'Internal',
		type: 'boolean',
		default: false,
		help: 'Clients cannot publish to it: it receives messages from other exchanges only.',
		advanced: true,
	},
	{
		key: 'alternate-exchange',
		label: 'Alternate exchange',
		type: 'text',
		maxBytes: 255,
		help: 'Receives messages that are not routed to a queue.',
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
