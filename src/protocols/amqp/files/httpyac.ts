import { fail } from '../../../base/failure';
import type { Form } from '../../message-files';
import { exchangeTarget, queueTarget } from '../describe/addresses';

/** Headers that make up the target. */
const places = ['method', 'exchange', 'routing_key', 'queue'];
/** Headers without an effect: a consumed message is acknowledged as soon as it is logged. */
const ignored = ['no_ack', 'consumer_tag'];
const prefix = /^amqp_/i;

/**
 * The `amqp_*` headers of https://httpyac.github.io/guide/request.html#amqp: the target, and properties under their own
 * names. Throws `unsupported` for a method that changes queues and exchanges of the server.
 */
export const form: Form = {
	headers: [],
	rewrite(headers, hasBody) {
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
			if (places.includes(key) || ignored.includes(key)) return [];
			// Names of options ignore underscores and hyphens.
			return [{ ...header, name: key === 'delivery_mode' ? 'persistent' : key, value: textOf(key, header.value) }];
		});
		const queue = queueTarget(one('queue') ?? '');
		switch (method.toLowerCase()) {
			case 'publish': {
				const target = exchangeTarget(one('exchange') ?? '', one('routing_key') ?? '');
				return { verb: 'PUBLISH', publish: [target], subscribe: [], headers: rest };
			}
			case 'sendtoqueue':
				return { verb: 'PUBLISH', publish: [queue], subscribe: [], headers: rest };
			case 'consume':
				return { verb: 'CONSUME', publish: [], subscribe: [queue], headers: rest };
			default:
				throw fail('unsupported', `A message file publishes, sends to queues and consumes; it does not "${method}".`);
		}
	},
};

/** Delivery mode 2 is persistent, 1 is transient (AMQP 0-9-1, basic.properties). */
const textOf = (key: string, value: string) => (key === 'delivery_mode' ? String(value.trim() === '2') : value);
