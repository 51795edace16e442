import type { Mode, ProtocolDescription, Verb } from '../../description';
import { files } from '../files/files';
import { actions } from './actions';
import { checkAny, checkQueue, checkSubscription, exchangeTarget, parseAddress, queueTarget } from './addresses';
import { consumeFields, profileFields, publishFields, requestFields, tapFields } from './fields';
import { amqpFlag } from './flags';
import type { AmqpMode, AmqpVerb } from './ids';
import { amqpProperties, contentType } from './properties';

const proves =
	'The server confirms every message (publisher confirms), and returns it where no queue takes it (mandatory): acknowledged, unrouted, or refused with its reason.';

export const amqp: ProtocolDescription = {
	id: 'amqp',
	label: 'AMQP 0-9-1',
	summary: 'Exchanges and queues of RabbitMQ and other AMQP 0-9-1 servers, over TCP or TLS.',
	schemes: [
		{ scheme: 'amqp', defaultPort: 5672, tls: false },
		{ scheme: 'amqps', defaultPort: 5671, tls: true },
	],
	urlPlaceholder: 'amqp://localhost:5672',
	words: {
		target: 'exchange or queue',
		targets: 'exchanges and queues',
		subscribe: 'Receive',
		unsubscribe: 'Stop receiving',
		send: 'Publish',
		message: 'message',
		messages: 'messages',
		empty: 'Nothing has arrived yet. Tap an exchange to see copies of its messages; nothing changes for others.',
	},
	separator: '/',
	profile: profileFields,
	secretAddresses: ['nodes', 'management.url'],
	subscription: {
		placeholder: 'exchange/orders/#',
		fields: [],
		check: checkSubscription,
		sideEffect: 'Depends on the way: tap, consume or firehose.',
		suggest: [
			{ target: 'exchange/amq.topic/#', label: 'everything through amq.topic', mode: 'tap' },
			{ target: 'firehose/#', label: 'everything that the virtual host publishes and delivers', mode: 'firehose' },
		],
		modes: [
			{
				id: 'tap',
				label: 'Tap',
				icon: 'eye',
				placeholder: 'exchange/orders/#',
				sideEffect:
					'A queue of our own is bound to the exchange and gets copies; nobody else’s messages change. Messages sent straight to a queue do not pass here.',
				fields: tapFields,
			},
			{
				id: 'consume',
				label: 'Consume',
				icon: 'inbox',
				placeholder: 'queue/email',
				sideEffect:
					'Takes messages away from the queue for good: other consumers do not get them. A stream is only read: it keeps its messages.',
				intrusive: true,
				fields: consumeFields,
			},
			{
				id: 'firehose',
				label: 'Firehose',
				icon: 'flame',
				placeholder: 'firehose/#',
				sideEffect:
					'Gets a copy of everything the server publishes and delivers in the virtual host, once tracing is switched on, which costs the server time.',
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
			exchange: { label: 'Exchange', icon: 'git-merge' },
			queue: { label: 'Queue', icon: 'inbox' },
			tap: { label: 'Queue of a tap of this connection', icon: 'eye' },
			binding: { label: 'Binding', icon: 'link' },
		},
	},
	actions,
	verbs: [
		{
			id: 'publish',
			label: 'Publish to an exchange',
			target: 'required',
			targetPlaceholder: 'exchange/orders/eu.created',
			// Queues too: what was read from one is sent there again without choosing another verb.
			checkTarget: checkAny,
			fields: publishFields,
			proves,
		},
		{
			id: 'queue',
			label: 'Send to a queue',
			target: 'required',
			targetPlaceholder: 'queue/email',
			checkTarget: checkQueue,
			fields: publishFields,
			proves: `Through the default exchange, which taps do not see. ${proves}`,
		},
		{
			id: 'request',
			label: 'Request and wait for the answer',
			target: 'required',
			targetPlaceholder: 'queue/rpc.prices',
			checkTarget: checkAny,
			fields: requestFields,
			proves:
				'Sent with RabbitMQ’s direct reply-to. Answered, with the round trip; or how far it came: no queue took it, or nobody answered in time.',
		},
	] satisfies readonly Verb<AmqpVerb>[],
	columns: [
		{
			id: 'redelivered',
			label: 'R',
			title: 'Redelivered',
			width: 1,
			text: (flags) => (flags & amqpFlag.redelivered ? 'R' : ''),
		},
		{
			id: 'persistent',
			label: 'P',
			title: 'Persistent',
			width: 1,
			text: (flags) => (flags & amqpFlag.persistent ? 'P' : ''),
		},
		{
			id: 'read',
			label: 'Read',
			title: 'How it was read: peeked, consumed, by the firehose, as an answer; empty: tapped',
			width: 8,
			text: (flags) =>
				flags & amqpFlag.peeked
					? 'peeked'
					: flags & amqpFlag.consumed
						? 'consumed'
						: flags & amqpFlag.traced
							? 'firehose'
							: flags & amqpFlag.reply
								? 'answer'
								: '',
		},
	],
	properties: amqpProperties,
	files,
	contentType,
	pattern: {
		help: 'in a topic, * stands for one word of the key and # for any number',
		isPattern: (text) => /^\/?exchange\/[^/]*\/(?:.*\.)?[*#](?:\..*)?$/.test(text),
		compile: topicPattern,
	},
};

/**
 * What a subscription brings, by the targets of its messages. Binding keys of topic exchanges (AMQP 0-9-1, section
 * 3.1.3.3) stand behind the exchange; an exchange without a key stands for all keys, and a queue for itself.
 */
function topicPattern(pattern: string): (target: string) => boolean {
	const address = parseAddress(pattern);
	if (address?.kind === 'queue') {
		const own = queueTarget(address.queue);
		return (target) => target === own;
	}
	const words = (address?.key || (address?.kind === 'firehose' ? '#' : '')).split('.');
	const suits = (rest: string) => fits(words, rest.split('.'));
	if (address?.kind === 'exchange') {
		const start = exchangeTarget(address.exchange, '');
		return (target) => target.startsWith(start) && (!address.hasKey || suits(target.slice(start.length)));
	}
	const start = 'firehose/';
	return (target) => target.startsWith(start) && traceKeys(target.slice(start.length)).some(suits);
}

/** What a message was traced as, "publish.orders", is followed by its own key, if any; both may have slashes. */
function traceKeys(rest: string): string[] {
	const keys = [rest];
	for (let at = rest.indexOf('/'); at !== -1; at = rest.indexOf('/', at + 1)) keys.push(rest.slice(0, at));
	return keys;
}

function fits(pattern: readonly string[], words: readonly string[]): boolean {
	/** Positions in `pattern` that the words read so far can have led to. */
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

/** "#" may stand for nothing. */
function skipped(open: Set<number>, pattern: readonly string[]): Set<number> {
	for (const at of open) if (pattern[at] === '#') open.add(at + 1);
	return open;
}
