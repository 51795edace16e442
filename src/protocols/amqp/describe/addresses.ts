import { utf8Length } from '../wire/bytes';

/**
 * Targets are written like RabbitMQ's own addresses: `exchange/orders/eu.created` (exchange, then routing key),
 * `queue/email`, `firehose/publish.orders`. In the name of an exchange "/" and "%" are percent-encoded, and a "%" that
 * begins no encoded character stands for itself. The routing key or the name of a queue is the whole rest.
 */
export type Address =
	| { kind: 'exchange'; exchange: string; key: string; hasKey: boolean }
	| { kind: 'queue'; queue: string }
	| { kind: 'firehose'; key: string };

/** A short string has at most 255 bytes (AMQP 0-9-1, section 4.2.5.3). */
export const tooLong = (text: string) => utf8Length(text) > 255;

/** Returns undefined if the text is not a target. A leading "/" is accepted. */
export function parseAddress(target: string): Address | undefined {
	const [, kind, rest = ''] = /^\/?(exchange|queue|firehose)(?:\/([\s\S]*))?$/.exec(target) ?? [];
	if (kind === 'queue') return rest === '' ? undefined : { kind, queue: rest };
	if (kind === 'firehose') return { kind, key: rest };
	if (kind !== 'exchange') return undefined;
	const slash = rest.indexOf('/');
	const exchange = decode(slash < 0 ? rest : rest.slice(0, slash));
	return { kind, exchange, key: slash < 0 ? '' : rest.slice(slash + 1), hasKey: slash >= 0 };
}

function decode(text: string): string {
	return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
		try {
			return decodeURIComponent(encoded);
		} catch {
			return encoded;
		}
	});
}

export function exchangeTarget(exchange: string, key?: string): string {
	const name = exchange.replace(/[%/]/g, (character) => (character === '/' ? '%2F' : '%25'));
	return key === undefined ? `exchange/${name}` : `exchange/${name}/${key}`;
}

export const queueTarget = (queue: string) => `queue/${queue}`;

/** The queue of a target where only a queue can be meant: "queue/email", or just "email". Undefined if it is none. */
export function queueIn(target: string): string | undefined {
	const address = parseAddress(target);
	if (address) return address.kind === 'queue' ? address.queue : undefined;
	return target === '' || /^\/?(?:queue|exchange|firehose)?\/?$/.test(target) ? undefined : target;
}

/** The target of a subscription in the spelling that the log uses. */
export function canonicalTarget(target: string, mode: string): string {
	const queue = mode === 'consume' || mode === 'stream' ? queueIn(target) : undefined;
	return queue === undefined ? target : queueTarget(queue);
}

/** A place to which messages are moved: an address, or the name of a queue. */
export function destinationOf(target: string): Address | undefined {
	const queue = queueIn(target);
	return queue === undefined ? parseAddress(target) : { kind: 'queue', queue };
}

const spelling = 'Write "exchange/", the exchange, "/" and the routing key, such as "exchange/orders/eu.created".';
const queueSpelling = 'Enter the name of a queue, such as "email" or "queue/email".';

function tooLongIn(address: Address): string | undefined {
	if (address.kind === 'queue')
		return tooLong(address.queue) ? 'The name of a queue must not exceed 255 bytes.' : undefined;
	if (tooLong(address.key)) return 'A routing key must not exceed 255 bytes.';
	return address.kind === 'exchange' && tooLong(address.exchange)
		? 'The name of an exchange must not exceed 255 bytes.'
		: undefined;
}

/** A sentence about an invalid queue to send to. */
export function checkQueue(target: string): string | undefined {
	const queue = queueIn(target);
	return queue === undefined ? queueSpelling : tooLongIn({ kind: 'queue', queue });
}

/** A sentence about an invalid place to move messages to. */
export function checkDestination(target: string): string | undefined {
	const address = destinationOf(target);
	if (!address || address.kind === 'firehose')
		return 'Enter the name of a queue, such as "email", or "exchange/", the exchange, "/" and a routing key.';
	return tooLongIn(address);
}

/** A sentence about an invalid queue or exchange to send to. */
export function checkAny(target: string): string | undefined {
	const address = parseAddress(target);
	if (!address || address.kind === 'firehose') return `${spelling} A queue is written "queue/email".`;
	return tooLongIn(address);
}

/** A sentence about an invalid target to receive from, which depends on the mode. */
export function checkSubscription(target: string, mode = 'tap'): string | undefined {
	const address = parseAddress(target);
	if (mode === 'consume') return checkQueue(target);
	// Message files choose this mode for a queue, so a bare name, which may be a misspelt exchange, is not enough.
	if (mode === 'stream')
		return address?.kind === 'queue'
			? tooLongIn(address)
			: 'Write "queue/" and the name of the stream, such as "queue/events".';
	if (mode === 'firehose')
		return address?.kind === 'firehose'
			? tooLongIn(address)
			: 'Write "firehose/#" for everything, "firehose/publish.orders" for an exchange, or "firehose/deliver.email" for a queue.';
	if (address?.kind === 'queue')
		return 'A queue cannot be tapped without removing its messages: tap the exchange that feeds it, or peek or consume.';
	if (address?.kind !== 'exchange') return spelling.replace('the routing key', 'the binding key');
	if (address.exchange === '')
		return 'The default exchange cannot be tapped, since nothing can be bound to it: use the firehose, or peek at the queue.';
	return tooLongIn(address);
}
