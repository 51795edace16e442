import type { Field } from '../../../model/profile/field';
import type { Action } from '../../description';
import { checkAny } from './addresses';
import { bindFields, bindHereFields, exchangeFields, queueFields } from './declare-form';
import { amqpFlag } from './flags';
import type { AmqpAction } from './ids';

const count = (label: string, initial: number): Field => ({
	key: 'count',
	label,
	type: 'number',
	integer: true,
	min: 1,
	max: 100_000,
	default: initial,
});

const where: Field = {
	key: 'to',
	label: 'Send them',
	type: 'choice',
	default: 'exchange',
	choices: [
		{ value: 'exchange', label: 'to the exchange they had come through, with their routing key' },
		{ value: 'queue', label: 'straight to the queue they died in' },
	],
};

/** What can be done to queues, exchanges, messages and the connection beyond receiving and sending. */
export const actions: readonly Action<AmqpAction>[] = [
	{
		id: 'peek',
		label: 'Peek…',
		icon: 'search',
		on: { nodes: ['queue'] },
		sideEffect:
			'The messages are put back where they were, marked as redelivered; in a quorum queue before RabbitMQ 4.3 that counts towards its delivery limit.',
		fields: [{ ...count('Messages', 10), max: 1000 } as Field],
	},
	{
		id: 'revive',
		label: 'Send back to where it died…',
		icon: 'debug-restart',
		on: { nodes: ['queue'], messages: 'many' },
		fits: (flags) => (flags & amqpFlag.dead) !== 0 && (flags & (amqpFlag.peeked | amqpFlag.consumed)) !== 0,
		sideEffect:
			'Each message leaves its queue only after the server has confirmed it at the place where it died; one that no queue takes stays. Those that stay are marked as redelivered, which in a quorum queue before RabbitMQ 4.3 counts towards its delivery limit.',
		fields: [
			where,
			{ ...count('Of a queue at most', 1000), help: 'Messages that were selected are all sent.' } as Field,
			{
				key: 'look',
				label: 'Search at most',
				type: 'number',
				integer: true,
				min: 1,
				max: 1_000_000,
				default: 50_000,
				help: 'Messages of the queue, from its front. They are held while this runs, then those that are not sent are put back: with tens of thousands, RabbitMQ needs a minute for that.',
				advanced: true,
			},
			{
				key: 'target',
				label: 'Somewhere else instead',
				type: 'text',
				placeholder: 'exchange/orders/eu.created or queue/email',
				advanced: true,
			},
			{
				key: 'body',
				label: 'Another body',
				type: 'multiline',
				help: 'For a single message: sent instead of its own.',
				advanced: true,
			},
		],
	},
	{
		id: 'move',
		label: 'Move messages…',
		icon: 'arrow-swap',
		on: { nodes: ['queue'] },
		sideEffect: 'Each message leaves this queue only after the server has confirmed it at the other place.',
		fields: [
			{
				key: 'target',
				label: 'To',
				type: 'text',
				required: true,
				placeholder: 'queue/email or exchange/orders/eu.created',
			},
			count('At most', 1000),
		],
	},
	{
		id: 'bind',
		label: 'Bind to an exchange…',
		icon: 'link',
		on: { nodes: ['queue', 'exchange'] },
		sideEffect: 'From then on it gets every message of that exchange that fits.',
		fields: bindFields,
	},
	{
		id: 'bind-here',
		label: 'Bind a queue or exchange to it…',
		icon: 'link',
		on: { nodes: ['exchange'] },
		sideEffect: 'From then on the other one gets every message of this exchange that fits.',
		fields: bindHereFields,
	},
	{
		id: 'unbind-from',
		label: 'Unbind from an exchange…',
		on: { nodes: ['queue', 'exchange'] },
		sideEffect: 'It gets no more messages of that exchange by this binding.',
		fields: bindFields,
	},
	{
		id: 'unbind',
		label: 'Unbind',
		icon: 'trash',
		on: { nodes: ['binding'] },
		sideEffect: 'Deletes the binding: no message takes this way any more.',
	},
	{
		id: 'purge',
		label: 'Purge',
		icon: 'clear-all',
		on: { nodes: ['queue'] },
		sideEffect: 'Deletes every message of the queue that no consumer holds.',
	},
	{
		id: 'delete',
		label: 'Delete',
		icon: 'trash',
		on: { nodes: ['queue', 'exchange'] },
		sideEffect: 'Deletes it with its messages and bindings.',
	},
	{
		id: 'declare-queue',
		label: 'Declare a queue…',
		icon: 'add',
		on: { nodes: ['vhost', 'queues'], connection: true },
		sideEffect: 'The server makes the queue, unless there is one already: that is never changed.',
		fields: queueFields,
	},
	{
		id: 'declare-exchange',
		label: 'Declare an exchange…',
		icon: 'add',
		on: { nodes: ['vhost', 'exchanges'], connection: true },
		sideEffect: 'The server makes the exchange, unless there is one already: that is never changed.',
		fields: exchangeFields,
	},
	{
		id: 'topology',
		label: 'Draw the topology',
		icon: 'type-hierarchy',
		on: { nodes: ['vhost'], connection: true },
	},
	{
		id: 'trace-on',
		label: 'Switch the firehose on',
		icon: 'flame',
		on: { nodes: ['vhost'], connection: true },
		sideEffect:
			'The server copies every message of the virtual host to amq.rabbitmq.trace until it is switched off, which costs it time.',
	},
	{
		id: 'trace-off',
		label: 'Switch the firehose off',
		on: { nodes: ['vhost'], connection: true },
		sideEffect: 'The server stops copying messages to amq.rabbitmq.trace, for everyone.',
	},
];

/** A target that the user has written, or undefined. */
export function wrongTarget(target: unknown): string | undefined {
	return typeof target === 'string' && target !== '' ? checkAny(target) : undefined;
}
