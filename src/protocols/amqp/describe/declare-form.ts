import type { Field } from '../../../model/profile/field';
import { flag, shortText, whole } from './field-kinds';
import { headerHelp } from './headers/header-values';

const argumentsField = (help: string): Field => ({
	key: 'arguments',
	label: 'Other arguments',
	type: 'pairs',
	help: `${help} ${headerHelp}`,
	advanced: true,
});

const nameOf = (what: string, placeholder: string): Field =>
	shortText('name', 'Name', { ...{ required: true, advanced: false, placeholder }, help: `Name of the ${what}.` });

const amount = (key: string, label: string, more: Partial<Parameters<typeof whole>[2]>): Field =>
	whole(key, label, { min: 0, max: 2 ** 32, advanced: true, ...more });

const durable = flag('durable', 'Durable', { default: true, help: 'Survives a server restart.' });

/** Streams do not have these. */
const notStream = { key: 'type', is: ['default', 'classic', 'quorum'] };

/** A field whose key is the name of a RabbitMQ argument is sent as that argument. */
export const queueFields: readonly Field[] = [
	nameOf('queue', 'email'),
	{
		key: 'type',
		label: 'Type (x-queue-type)',
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
	flag('autoDelete', 'Auto-delete (with its last consumer)', { when: notStream }),
	flag('exclusive', 'Exclusive (for this connection only)', {
		help: 'Deleted when this connection ends for any reason.',
		when: { key: 'type', is: ['default', 'classic'] },
	}),
	{
		key: 'deadLetters',
		label: 'Dead letters go to',
		type: 'choice',
		default: 'none',
		help: 'Messages that are rejected, expire or overflow.',
		choices: [
			{ value: 'none', label: 'nowhere (dropped)' },
			{ value: 'queue', label: 'a queue directly', help: 'Through the default exchange, with the name of the queue.' },
			{ value: 'exchange', label: 'an exchange' },
		],
		when: notStream,
		advanced: true,
	},
	shortText('deadQueue', 'Dead-letter queue (x-dead-letter-routing-key)', {
		...{ required: true, placeholder: 'email.dead' },
		help: 'The default exchange routes to it by its name. It must exist when the first message dies.',
		when: { key: 'deadLetters', is: ['queue'] },
	}),
	shortText('x-dead-letter-exchange', 'Dead-letter exchange (x-dead-letter-exchange)', {
		...{ required: true, placeholder: 'orders.dlx' },
		when: { key: 'deadLetters', is: ['exchange'] },
	}),
	shortText('x-dead-letter-routing-key', 'Dead-letter routing key (x-dead-letter-routing-key)', {
		help: 'Replaces the routing key of the message.',
		when: { key: 'deadLetters', is: ['exchange'] },
	}),
	amount('x-message-ttl', 'Message TTL (x-message-ttl)', {
		...{ help: 'Expired messages are dropped or dead-lettered.', unit: 'ms', when: notStream },
	}),
	amount('x-expires', 'Expires after idle (x-expires)', {
		...{ help: 'Deletes the whole queue with its messages.', min: 1, unit: 'ms', when: notStream },
	}),
	amount('x-max-length', 'Max length (x-max-length)', {
		...{ help: 'Maximum number of messages; the rest overflows.', when: notStream },
	}),
	amount('x-max-length-bytes', 'Max size (bytes, x-max-length-bytes)', {
		help: 'Maximum total size of message bodies; the rest overflows.',
	}),
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
		when: notStream,
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
	shortText('otherType', 'Type name', {
		...{ required: true, advanced: false },
		placeholder: 'x-delayed-message',
		when: { key: 'type', is: ['other'] },
	}),
	durable,
	flag('autoDelete', 'Auto-delete (with its last binding)'),
	flag('internal', 'Internal', {
		help: 'Clients cannot publish to it: it receives messages from other exchanges only.',
	}),
	shortText('alternate-exchange', 'Alternate exchange', {
		help: 'Receives messages that are not routed to a queue (alternate-exchange).',
	}),
	argumentsField('For example x-delayed-type with topic.'),
];

const key = shortText('key', 'Routing key', {
	...{ advanced: false, placeholder: 'eu.#' },
	help: 'Empty for a fanout or headers exchange.',
});

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
