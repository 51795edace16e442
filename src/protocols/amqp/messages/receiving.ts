import { randomBytes } from 'node:crypto';
import { type Failure, FailureError, fail } from '../../../base/failure';
import type { Hold, Outcome } from '../../../model/contracts/hold';
import { flag } from '../../../model/contracts/message';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import { createHeldMessages } from '../../shared/holding/held';
import { peerText } from '../../shared/peer-text';
import { canonicalTarget, checkSubscription, exchangeTarget, parseAddress, queueTarget } from '../describe/addresses';
import { amqpFlag } from '../describe/flags';
import { ofStream } from '../describe/holding';
import { queueBind, queueDeclare } from '../wire/calls';
import type { Channel } from '../wire/channel';
import type { Connection } from '../wire/connection';
import type { ChannelEvents } from '../wire/contents';
import type { Table } from '../wire/table';
import { consumerArguments, namesStreamOffset, readOfStream, streamArguments } from './consumer-arguments';
import { createDeferredAcks, type Deferred, type DeferredAcks } from './deferred-acks';
import { traced, traceExchange } from './firehose';
import { headers } from './message-properties';

export interface ReceivingOptions {
	connection: Connection;
	sink: Sink;
	tapPrefix: string;
	/** Names of the queues that taps have created, which the tree marks. */
	taps: Set<string>;
	/** The type of an exchange; undefined if it cannot be found out within a short time. */
	typeOf(exchange: string): Promise<string | undefined>;
	/** "classic", "quorum", "stream"; undefined if it cannot be found out. */
	queueType(queue: string): Promise<string | undefined>;
	/** True if the firehose is on; undefined if it cannot be found out. */
	tracing(): Promise<boolean | undefined>;
}

export interface Receiving {
	subscribe(subscription: Subscription, id: string, hold?: Hold): Promise<Granted>;
	unsubscribe(subscription: Subscription, id: string): Promise<void>;
	settle(seqs: readonly number[], outcome: Outcome): void;
	held(): number;
	/** Ends the subscriptions that hold messages. Resolves when the server has read their last acknowledgements. */
	finish(): Promise<void>;
}

interface Tapped {
	exchange: string;
	key: string;
	hasKey: boolean;
}

/** RabbitMQ refuses the start position of a stream for other queues (406 or 540). */
function notStream(queue: string, error: unknown): never {
	if (!(error instanceof FailureError) || !/x-stream-offset/.test(error.failure.evidence ?? '')) throw error;
	throw new FailureError({
		...error.failure,
		code: 'not-stream',
		message: `"${peerText(queue, { most: 255 })}" is not a stream, so nothing was read.`,
		remedy: { text: 'Peek at the queue, or consume its messages.' },
	});
}

/** Tap, consume and firehose. Each subscription has its own channel, so that a failure of another one cannot end it. */
export function createReceiving(options: ReceivingOptions): Receiving {
	const { connection, sink } = options;
	/** By id of the subscription. */
	const open = new Map<string, Channel>();
	/** Ids of the subscriptions that hold their messages. */
	const holders = new Set<string>();
	const held = createHeldMessages<{ acks: DeferredAcks; deferred: Deferred }>();

	/** Listeners of a channel, which report to the subscription when the server ends it. */
	function ending({ target }: Subscription, id: string, events: ChannelEvents) {
		const end = (failure: Failure) => {
			open.delete(id);
			// With the connection, the session counts them first.
			if (connection.live) held.drop(id);
			if (connection.live) sink.subscription(id, { failure });
		};
		return {
			...events,
			closed: end,
			cancelled() {
				void open.get(id)?.close();
				end({
					code: 'cancelled-by-server',
					message: `The server cancelled the consumer of "${peerText(target)}": the queue was deleted, or its node has gone.`,
				});
			},
		};
	}

	async function start(id: string, channel: Channel, steps: () => Promise<Granted>): Promise<Granted> {
		try {
			const granted = await steps();
			open.set(id, channel);
			return granted;
		} catch (error) {
			void channel.close();
			throw error;
		}
	}

	async function ownQueue(channel: Channel, exchange: string, key: string, terms: Table): Promise<void> {
		const name = options.tapPrefix && `${options.tapPrefix}${randomBytes(6).toString('hex')}`;
		const temporary = { durable: false, exclusive: true, autoDelete: true };
		const { queue } = await channel.call(queueDeclare(name, temporary, [])).catch(explain);
		if (options.taps.size > 1000) options.taps.clear();
		options.taps.add(queue);
		try {
			await channel.call(queueBind(queue, exchange, key, terms));
			await channel.consume(queue, { noAck: true });
		} catch (error) {
			// The queue is deleted with its consumer; without one it would stay as long as the connection.
			if (channel.open) await channel.call((on) => on.deleteQueue(queue)).catch(() => {});
			throw error;
		}
	}

	/** A user with permissions for certain names only cannot use a queue that the server names. */
	function explain(error: unknown): never {
		if (!(error instanceof FailureError) || error.failure.code !== 'access-refused') throw error;
		const text =
			'Set "Name of tap queues" of the connection to a prefix of names that this user may configure, write and read.';
		throw new FailureError({ ...error.failure, remedy: { text } });
	}

	async function tap(subscription: Subscription, id: string, { exchange, key, hasKey }: Tapped): Promise<Granted> {
		const type = await options.typeOf(exchange);
		const match = headers(subscription.match as never) ?? [];
		if (type === 'direct' && (!hasKey || key === ''))
			throw fail(
				'key-missing',
				`"${exchange}" is a direct exchange: add the key to tap after "${exchangeTarget(exchange)}/".`,
			);
		const binding = hasKey ? key : type === 'fanout' ? '' : '#';
		const terms: Table =
			match.length > 0
				? [...match, ['x-match', { type: 'S', value: Buffer.from(subscription.matchAny === true ? 'any' : 'all') }]]
				: [];
		const subscriptions = [id];
		const channel = await connection.open(
			ending(subscription, id, {
				deliver({ route, flags, meta, body: payload }) {
					route.target ??= exchangeTarget(route.exchange, route.key);
					sink.message({ target: route.target, payload, flags, meta, subscriptions });
				},
			}),
		);
		return start(id, channel, async () => {
			await ownQueue(channel, exchange, binding, terms);
			const bound = `bound${type ? ` to the ${type} exchange` : ''} with ${binding === '' ? 'no key' : `"${binding}"`}`;
			const warning = type === undefined && !hasKey ? '; a direct exchange needs the exact key instead' : '';
			return { detail: `${bound}${warning}` };
		});
	}

	async function firehose(subscription: Subscription, id: string, key: string): Promise<Granted> {
		const subscriptions = [id];
		const channel = await connection.open(
			ending(subscription, id, {
				deliver: (delivery) => void sink.message({ ...traced(delivery), payload: delivery.body, subscriptions }),
			}),
		);
		return start(id, channel, async () => {
			await ownQueue(channel, traceExchange, key || '#', []);
			const on = await options.tracing();
			if (on === true) return { detail: 'tracing is on' };
			const how = 'enable it with "Enable Firehose" or "rabbitmqctl trace_on"';
			return on === false
				? { detail: `tracing is off, so nothing arrives: ${how}`, reduced: true }
				: { detail: `nothing arrives unless tracing is on: ${how}` };
		});
	}

	async function take(
		subscription: Subscription,
		id: string,
		queue: string,
		type: 'queue' | 'stream',
		hold?: Hold,
	): Promise<Granted> {
		const { prefetch: wanted } = subscription;
		const own = typeof wanted === 'number' && wanted >= 1 && wanted <= 65_535 ? Math.floor(wanted) : undefined;
		const most = Math.min(65_535, Math.max(1, hold?.limit ?? own ?? 100));
		const prefetch = Math.min(most, own ?? most);
		// RabbitMQ accepts an offset for streams only, so a stream consumer cannot take messages away from another queue.
		const terms = type === 'stream' ? streamArguments(subscription) : consumerArguments(subscription);
		let how: number = namesStreamOffset(terms) ? amqpFlag.read : amqpFlag.consumed;
		const asked = options.queueType(queue);
		const holds = hold !== undefined && how !== amqpFlag.read && (await asked) !== 'stream';
		const source = queueTarget(queue);
		const subscriptions = [id];
		// Messages that are settled later must be acknowledged.
		const noAck = subscription.noAck === true && !holds;
		let last = 0;
		const channel: Channel = await connection.open(
			ending(subscription, id, {
				queue,
				deliver({ tag, flags: sent, meta, body: payload }) {
					const flags = sent | how | (holds ? flag.held : 0);
					const seq = sink.message({ target: source, payload, flags, meta, subscriptions });
					if (holds) held.add(seq, id, { acks, deferred: acks.hold(tag) });
					else last = tag;
				},
				// Acknowledged only once the messages are in the log.
				flush() {
					if (last > 0 && !noAck) channel.ack(last, true);
					last = 0;
				},
			}),
		);
		const acks = createDeferredAcks({
			ack: (tag, multiple) => channel.ack(tag, multiple),
			requeue: (tag) => channel.requeue(tag, false),
		});
		return start(id, channel, async () => {
			await channel.call((on) => on.prefetch(prefetch));
			const consuming = channel.consume(queue, { noAck, terms });
			await (type === 'stream' ? consuming.catch((error) => notStream(queue, error)) : consuming);
			const limit = `at most ${prefetch.toLocaleString('en')} at a time`;
			const found = how === amqpFlag.read ? 'stream' : await asked;
			if (found === 'stream') {
				how = amqpFlag.read;
				const detail = `reading ${readOfStream(subscription)}, ${limit}; a stream keeps its messages`;
				return { detail, ...(hold && { holding: ofStream }) };
			}
			const unless = found === undefined ? ' (unless it is a stream)' : '';
			if (holds) holders.add(id);
			if (holds) return { detail: `acknowledging messages of the queue later${unless}, ${limit}` };
			return { detail: `removing messages from the queue${unless}, ${limit}` };
		});
	}

	return {
		async subscribe(subscription, id, hold) {
			const { target, mode = 'tap' } = subscription;
			const wrong = checkSubscription(target, mode);
			const address = parseAddress(canonicalTarget(target, mode));
			if (wrong || !address) throw fail('bad-target', wrong ?? 'The target is neither an exchange nor a queue.');
			const before = open.get(id);
			holders.delete(id);
			open.delete(id);
			held.drop(id);
			await before?.close();
			if (address.kind === 'queue')
				return take(subscription, id, address.queue, mode === 'stream' ? 'stream' : 'queue', hold);
			if (address.kind === 'firehose') return firehose(subscription, id, address.key);
			return tap(subscription, id, address);
		},
		async unsubscribe(_, id) {
			const channel = open.get(id);
			open.delete(id);
			held.drop(id);
			await channel?.close();
		},
		settle(seqs, outcome) {
			const touched = new Set<DeferredAcks>();
			for (const seq of seqs) {
				const place = held.take(seq);
				if (!place) continue;
				const { acks, deferred } = place;
				acks[outcome](deferred);
				touched.add(acks);
			}
			for (const acks of touched) acks.flush();
		},
		held: () => held.size,
		async finish() {
			await Promise.all([...holders].map((id) => open.get(id)?.close()));
		},
	};
}
