import type { Mode, ProtocolDescription, Verb } from '../../description';
import { files } from '../files/files';
import { actions } from './actions';
import {
	canonicalTarget,
	checkAny,
	checkQueue,
	checkSubscription,
	exchangeTarget,
	parseAddress,
	queueTarget,
} from './addresses';
import { comparison } from './comparison';
import { delivery } from './delivery';
import { consumeFields, profileFields, publishFields, requestFields, streamFields, tapFields } from './fields';
import { amqpFlag } from './flags';
import { holdingOf } from './holding';
import type { AmqpMode, AmqpVerb } from './ids';
import { presets } from './presets';
import { amqpProperties, contentEncoding, contentType } from './properties';

const proves =
	'The server confirms every message (publisher confirms), and returns it if no queue is bound for it (mandatory). The receipt is acknowledged, unrouted, or refused with the reason. Without “Confirm” it only says that the message was handed over.';

export const amqp: ProtocolDescription = {
	id: 'amqp',
	label: 'AMQP 0-9-1',
	summary: 'Exchanges and queues of RabbitMQ and other AMQP 0-9-1 servers, over TCP or TLS.',
	server: 'an AMQP 0-9-1 server',
	schemes: [
		{ scheme: 'amqp', defaultPort: 5672, tls: false },
		{ scheme: 'amqps', defaultPort: 5671, tls: true },
	],
	urlPlaceholder: 'amqp://localhost:5672',
	client: 'connectionName',
	words: {
		target: 'exchange or queue',
		targets: 'exchanges and queues',
		subscribe: 'Receive',
		unsubscribe: 'Stop receiving',
		send: 'Publish',
		message: 'message',
		messages: 'messages',
		empty: 'No messages yet. Tap an exchange to see copies of its messages; other consumers are unaffected.',
	},
	separator: '/',
	presets,
	profile: profileFields,
	secretAddresses: ['nodes', 'management.url'],
	subscription: {
		placeholder: 'exchange/orders/#',
		fields: [],
		check: checkSubscription,
		// "email" and "queue/email" are the same queue.
		identity: ({ target, mode = 'tap' }) => JSON.stringify([canonicalTarget(target, mode), mode]),
		holds: holdingOf,
		sideEffect: 'Depends on the mode.',
		suggest: [
			{ target: 'exchange/amq.topic/#', label: 'all messages through amq.topic', mode: 'tap' },
			{ target: 'firehose/#', label: 'all messages published and delivered in the virtual host', mode: 'firehose' },
		],
		modes: [
			{
				id: 'tap',
				label: 'Tap',
				icon: 'eye',
				targetLabel: 'Exchange and binding key',
				placeholder: 'exchange/orders/#',
				sideEffect:
					'Creates a temporary queue that receives copies. Other consumers are unaffected. Messages sent directly to a queue are not seen.',
				fields: tapFields,
			},
			{
				id: 'consume',
				label: 'Consume',
				icon: 'inbox',
				targetLabel: 'Queue',
				placeholder: 'email',
				sideEffect:
					'Removes messages from the queue; other consumers will not receive them. A stream is only read and keeps its messages.',
				intrusive: true,
				fields: consumeFields,
			},
			{
				id: 'stream',
				label: 'Read Stream',
				icon: 'book',
				placeholder: 'queue/events',
				sideEffect:
					'Reads a stream from the chosen position on. Nothing is removed, and other consumers are unaffected. The server refuses it for other queues.',
				form: true,
				fields: streamFields,
			},
			{
				id: 'firehose',
				label: 'Firehose',
				icon: 'flame',
				placeholder: 'firehose/#',
				sideEffect:
					'Receives a copy of everything that is published and delivered in the virtual host while tracing is enabled, which slows down the server.',
			},
		] satisfies readonly Mode<AmqpMode>[],
	},
	browse: {
		label: 'Exchanges and queues',
		refreshMs: 5000,
		kinds: {
			vhost: { label: 'Virtual host', icon: 'server' },
			exchanges: { label: 'Exchanges', icon: 'folder' },
			queues: { label: 'Queues', icon: 'folder' },
			exchange: { label: 'Exchange', icon: 'git-merge', round: true },
			queue: { label: 'Queue', icon: 'inbox' },
			stream: { label: 'Stream', icon: 'book' },
			tap: { label: 'Tap queue of this connection', icon: 'eye' },
			binding: { label: 'Binding', icon: 'link' },
			server: { label: 'Server', icon: 'server-environment' },
			list: { label: 'List', icon: 'folder' },
			node: { label: 'Cluster node', icon: 'vm' },
			connection: { label: 'Connection', icon: 'plug' },
			channel: { label: 'Channel', icon: 'arrow-both' },
			consumer: { label: 'Consumer', icon: 'person' },
			policy: { label: 'Policy', icon: 'law' },
			user: { label: 'User', icon: 'account' },
		},
	},
	graph: {
		label: 'Topology',
		legend: 'Round: exchanges. Square: queues. Dashed: dead letters and unrouted messages.',
		document: 'topology-document',
	},
	actions,
	verbs: [
		{
			id: 'publish',
			label: 'Publish to Exchange',
			button: 'Publish',
			target: 'required',
			targetPlaceholder: 'exchange/orders/eu.created',
			// Accepts queues as well, so that a message read from one can be sent there again with the same verb.
			checkTarget: checkAny,
			fields: publishFields,
			proves,
		},
		{
			id: 'queue',
			label: 'Send to Queue',
			target: 'required',
			targetPlaceholder: 'email',
			checkTarget: checkQueue,
			fields: publishFields,
			proves: `Sent through the default exchange, which taps do not see. ${proves}`,
		},
		{
			id: 'request',
			label: 'Send Request',
			target: 'required',
			targetPlaceholder: 'queue/rpc.prices',
			checkTarget: checkAny,
			fields: requestFields,
			proves:
				'Sent with RabbitMQ’s direct reply-to. The receipt has the answer and the round trip; or it says that no queue is bound for the request, or that no answer arrived in time.',
		},
	] satisfies readonly Verb<AmqpVerb>[],
	columns: [
		{
			id: 'redelivered',
			label: 'R',
			icon: 'history',
			title: 'Redelivered',
			width: 1,
			text: (flags) => (flags & amqpFlag.redelivered ? 'R' : ''),
		},
		{
			id: 'persistent',
			label: 'P',
			icon: 'database',
			title: 'Persistent',
			width: 1,
			text: (flags) => (flags & amqpFlag.persistent ? 'P' : ''),
		},
		{
			id: 'read',
			label: 'Read',
			title:
				'How it was read: peeked, consumed, read from a stream, from the firehose or as an answer; empty if tapped',
			width: 8,
			text: (flags) =>
				flags & amqpFlag.peeked
					? 'peeked'
					: flags & amqpFlag.read
						? 'read'
						: flags & amqpFlag.consumed
							? 'consumed'
							: flags & amqpFlag.traced
								? 'firehose'
								: flags & amqpFlag.reply
									? 'answer'
									: '',
		},
	],
	delivery,
	properties: amqpProperties,
	files,
	comparison,
	contentType,
	contentEncoding,
	pattern: {
		help: 'in a topic, * matches one word of the key and # any number of words',
		isPattern: (text) => /^\/?exchange\/[^/]*\/(?:.*\.)?[*#](?:\..*)?$/.test(text),
		compile: topicPattern,
	},
};

/**
 * Matches the targets of a subscription's messages. The binding key of a topic exchange (AMQP 0-9-1, section 3.1.3.3)
 * follows the exchange; an exchange without a key matches all keys, and a queue matches itself.
 */
function topicPattern(pattern: string): (target: string) => boolean {
	const address = parseAddress(pattern);
	if (address?.kind === 'queue') {
		const own = queueTarget(address.queue);
		return (target) => target === own;
	}
	const words = (address?.key || (address?.kind === 'firehose' ? '#' : '')).split('.');
	const matches = (rest: string) => fits(words, rest.split('.'));
	if (address?.kind === 'exchange') {
		const start = exchangeTarget(address.exchange, '');
		return (target) => target.startsWith(start) && (!address.hasKey || matches(target.slice(start.length)));
	}
	const start = 'firehose/';
	return (target) => target.startsWith(start) && traceKeys(target.slice(start.length)).some(matches);
}

/** A traced target is the trace key, such as "publish.orders", and the message's own key, if any; both may have slashes. */
function traceKeys(rest: string): string[] {
	const keys = [rest];
	for (let at = rest.indexOf('/'); at !== -1; at = rest.indexOf('/', at + 1)) keys.push(rest.slice(0, at));
	return keys;
}

function fits(pattern: readonly string[], words: readonly string[]): boolean {
	/** Positions in `pattern` that the words read so far can reach. */
	let open = skipped(new Set([0]), pattern);
	for (const word of words) {
		const next = new Set<number>();
		for (const at of open) {
			if (pattern[at] === '#') next.add(at);
			else if (pattern[at] === '*' || pattern[at] === word) next.add(at + 1);
		}
		open = skipped(next, pattern);
	}
	return open.has(pattern.length);
}

/** "#" also matches no word at all. */
function skipped(open: Set<number>, pattern: readonly string[]): Set<number> {
	for (const at of open) if (pattern[at] === '#') open.add(at + 1);
	return open;
}
