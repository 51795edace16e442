import type { Field } from '../../../model/profile/field';
import type { Action } from '../../description';
import { checkAny } from './addresses';
import { bindFields, bindHereFields, exchangeFields, queueFields } from './declare-form';
import { whole } from './field-kinds';
import { amqpFlag } from './flags';
import type { AmqpAction } from './ids';

const count = (label: string, initial: number, more: Partial<Parameters<typeof whole>[2]> = {}): Field =>
	whole('count', label, { min: 1, max: 100_000, default: initial, ...more });

const where: Field = {
	key: 'to',
	label: 'Destination',
	type: 'choice',
	default: 'exchange',
	choices: [
		{ value: 'exchange', label: 'Original exchange, with the original routing key' },
		{ value: 'queue', label: 'Queue in which they were dead-lettered' },
	],
};

/** The actions on queues, exchanges, messages and the connection besides receiving and sending. */
export const actions: readonly Action<AmqpAction>[] = [
	{
		id: 'peek',
		label: 'Peek…',
		icon: 'search',
		group: 'read',
		on: { nodes: ['queue'] },
		sideEffect:
			'The messages are requeued in place, marked as redelivered; in a quorum queue before RabbitMQ 4.3 that counts towards its delivery limit.',
		fields: [count('Messages', 10, { max: 1000 })],
	},
	{
		id: 'revive',
		label: 'Return to Original Exchange…',
		icon: 'debug-restart',
		on: { nodes: ['queue'], messages: 'many' },
		fits: (flags) => (flags & amqpFlag.dead) !== 0 && (flags & (amqpFlag.peeked | amqpFlag.consumed)) !== 0,
		sideEffect:
			'Each message leaves its queue only after the server has confirmed it at its destination; one that is not routed to a queue stays. Those that stay are marked as redelivered, which in a quorum queue before RabbitMQ 4.3 counts towards its delivery limit.',
		fields: [
			where,
			count('Limit', 1000, { help: 'Maximum number of messages from a queue. Selected messages are all sent.' }),
			whole('look', 'Search at most', {
				...{ min: 1, max: 1_000_000, default: 50_000, advanced: true },
				help: 'Number of messages to search from the front of the queue. They are held during the search; those that are not sent are requeued, which takes RabbitMQ about a minute for tens of thousands.',
			}),
			{
				key: 'target',
				label: 'Other destination',
				type: 'text',
				placeholder: 'exchange/orders/eu.created or email',
				advanced: true,
			},
			{
				key: 'body',
				label: 'Replacement body',
				type: 'multiline',
				help: 'For a single message: sent instead of its own body.',
				advanced: true,
			},
		],
	},
	{
		id: 'move',
		label: 'Move Messages…',
		icon: 'arrow-swap',
		on: { nodes: ['queue'] },
		sideEffect: 'Each message leaves this queue only after the server has confirmed it at the destination.',
		fields: [
			{
				key: 'target',
				label: 'To',
				type: 'text',
				required: true,
				placeholder: 'email or exchange/orders/eu.created',
			},
			count('Limit', 1000),
		],
	},
	{
		id: 'bind',
		label: 'Bind to Exchange…',
		icon: 'link',
		on: { nodes: ['queue', 'stream', 'exchange'] },
		sideEffect: 'It will receive all matching messages of that exchange.',
		fields: bindFields,
	},
	{
		id: 'bind-here',
		label: 'Add Binding…',
		icon: 'link',
		on: { nodes: ['exchange'] },
		sideEffect: 'The other queue or exchange will receive all matching messages of this exchange.',
		fields: bindHereFields,
	},
	{
		id: 'unbind-from',
		label: 'Unbind from Exchange…',
		on: { nodes: ['queue', 'stream', 'exchange'] },
		sideEffect: 'It will no longer receive messages of that exchange through this binding.',
		fields: bindFields,
	},
	{
		id: 'unbind',
		label: 'Unbind…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['binding'] },
		sideEffect: 'Deletes the binding. Messages are no longer routed this way.',
	},
	{
		id: 'purge',
		label: 'Purge…',
		icon: 'clear-all',
		group: 'remove',
		on: { nodes: ['queue'] },
		sideEffect: 'Deletes all messages of the queue that are not held by a consumer.',
	},
	{
		id: 'delete',
		label: 'Delete…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['queue', 'stream', 'exchange'] },
		sideEffect: 'Deletes the queue or exchange with its messages and bindings.',
	},
	{
		id: 'declare-queue',
		label: 'Declare Queue…',
		icon: 'add',
		on: { nodes: ['vhost', 'queues'], connection: true },
		sideEffect: 'Creates the queue. An existing queue is left unchanged.',
		fields: queueFields,
	},
	{
		id: 'declare-exchange',
		label: 'Declare Exchange…',
		icon: 'add',
		on: { nodes: ['vhost', 'exchanges'], connection: true },
		sideEffect: 'Creates the exchange. An existing exchange is left unchanged.',
		fields: exchangeFields,
	},
	{
		id: 'topology',
		label: 'Show Topology',
		icon: 'type-hierarchy',
		group: 'read',
		view: 'graph',
		on: { nodes: ['vhost', 'exchanges', 'queues'], connection: true },
	},
	{
		id: 'topology-document',
		label: 'Open Topology as Document',
		icon: 'markdown',
		group: 'read',
		on: {},
	},
	{
		id: 'trace-on',
		label: 'Enable Firehose',
		icon: 'flame',
		group: 'change',
		when: { state: 'tracing', is: false },
		on: { nodes: ['vhost'], connection: true },
		sideEffect:
			'The server copies every message of the virtual host to amq.rabbitmq.trace until the firehose is disabled, which slows it down.',
	},
	{
		id: 'trace-off',
		label: 'Disable Firehose',
		icon: 'flame',
		group: 'change',
		when: { state: 'tracing', is: true },
		on: { nodes: ['vhost'], connection: true },
		sideEffect: 'The server stops copying messages to amq.rabbitmq.trace, for everyone.',
	},
];

/** A sentence about an invalid target; undefined if it is valid or empty. */
export function wrongTarget(target: unknown): string | undefined {
	return typeof target === 'string' && target !== '' ? checkAny(target) : undefined;
}
