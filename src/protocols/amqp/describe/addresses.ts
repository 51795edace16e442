/**
 * How targets are written, after RabbitMQ's own addresses: `exchange/orders/eu.created` (exchange, then routing key),
 * `queue/email`, `firehose/publish.orders`. In the name of an exchange "/" and "%" are percent-encoded, and a "%" that
 * begins no encoded character stands for itself; the routing key and the name of a queue are everything that is left.
 */
export type Address =
	| { kind: 'exchange'; exchange: string; key: string; hasKey: boolean }
	| { kind: 'queue'; queue: string }
	| { kind: 'firehose'; key: string };

const encoder = new TextEncoder();
const tooLong = (text: string) => encoder.encode(text).length > 255;

/** Undefined if it is none. A leading "/" is accepted. */
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

const spelling = 'Write "exchange/", the exchange, "/" and the routing key, such as "exchange/orders/eu.created".';
const queueSpelling = 'Write "queue/" and the name of the queue, such as "queue/email".';

function tooLongIn(address: Address): string | undefined {
	if (address.kind === 'queue')
		return tooLong(address.queue) ? 'The name of a queue has at most 255 bytes.' : undefined;
	if (tooLong(address.key)) return 'A routing key has at most 255 bytes.';
	return address.kind === 'exchange' && tooLong(address.exchange)
		? 'The name of an exchange has at most 255 bytes.'
		: undefined;
}

/** What is wrong with a target to send to, in a sentence. */
export function checkQueue(target: string): string | undefined {
	const address = parseAddress(target);
	if (address?.kind !== 'queue') return queueSpelling;
	return tooLongIn(address);
}

export function checkAny(target: string): string | undefined {
	const address = parseAddress(target);
	if (!address || address.kind === 'firehose') return `${spelling} A queue is written "queue/email".`;
	return tooLongIn(address);
}

/** The same for receiving, which depends on the way. */
export function checkSubscription(target: string, mode = 'tap'): string | undefined {
	const address = parseAddress(target);
	if (mode === 'consume') return address?.kind === 'queue' ? tooLongIn(address) : queueSpelling;
	if (mode === 'firehose')
		return address?.kind === 'firehose'
			? tooLongIn(address)
			: 'Write "firehose/#" for everything, "firehose/publish.orders" for an exchange, or "firehose/deliver.email" for a queue.';
	if (address?.kind === 'queue')
		return 'A queue cannot be tapped without taking messages from it: tap the exchange that feeds it, or peek or consume.';
	if (address?.kind !== 'exchange') return spelling.replace('the routing key', 'the binding key');
	if (address.exchange === '')
		return 'The default exchange cannot be tapped, since nothing can be bound to it: use the firehose, or peek into the queue.';
	return tooLongIn(address);
}
