import { fail } from '../../../base/failure';
import { exchangeTarget, queueTarget } from '../describe/addresses';

interface NamedValue {
	name: string;
	value: string;
	/** Unset or true: the name may be that of an option. */
	option?: boolean;
}

/** httpYac's AMQP request as one of ours. */
export interface AmqpForm {
	/** The verb of message files that it means. */
	verb: 'PUBLISH' | 'CONSUME';
	target: string;
}

/** Names that say where to. What they were is taken out of the headers. */
const places = ['method', 'exchange', 'routing_key', 'queue'];
/** Words that change nothing here: what is consumed is acknowledged when it is logged. */
const without = ['no_ack', 'consumer_tag'];
const prefix = /^amqp_/i;

/**
 * The `amqp_*` headers of https://httpyac.github.io/guide/request.html#amqp: where the message goes, and the rest by
 * the names of its properties. Throws `unsupported` for what changes the server's queues and exchanges.
 */
export function lowerAmqp<T extends NamedValue>(headers: readonly T[], hasBody: boolean): AmqpForm & { headers: T[] } {
	const own = headers.map((header) => ({
		header,
		key:
			header.option !== false && prefix.test(header.name) ? header.name.replace(prefix, '').toLowerCase() : undefined,
	}));
	const one = (key: string) => own.findLast((each) => each.key === key)?.header.value;
	const usual = hasBody ? (one('exchange') === undefined ? 'sendToQueue' : 'publish') : 'consume';
	const method = one('method') ?? usual;
	const rest = own.flatMap(({ header, key }) => {
		if (key === undefined) return [header];
		if (places.includes(key) || without.includes(key)) return [];
		// Underscores and hyphens are one to us.
		return [{ ...header, name: key === 'delivery_mode' ? 'persistent' : key, value: textOf(key, header.value) }];
	});
	const queue = one('queue') ?? '';
	switch (method.toLowerCase()) {
		case 'publish': {
			const target = exchangeTarget(one('exchange') ?? '', one('routing_key') ?? '');
			return { verb: 'PUBLISH', target, headers: rest };
		}
		case 'sendtoqueue':
			return { verb: 'PUBLISH', target: queueTarget(queue), headers: rest };
		case 'consume':
			return { verb: 'CONSUME', target: queueTarget(queue), headers: rest };
		default:
			throw fail('unsupported', `A message file publishes, sends to queues and consumes; it does not "${method}".`);
	}
}

/** 2 is persistent, 1 is not (AMQP 0-9-1, basic.properties). */
const textOf = (key: string, value: string) => (key === 'delivery_mode' ? String(value.trim() === '2') : value);
