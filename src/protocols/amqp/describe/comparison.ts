import type { Comparison, Route } from '../../comparison';
import { parseAddress } from './addresses';

/** An exchange is tapped by a temporary queue that is not acknowledged; a queue is consumed. */
function routes(target: string): ReturnType<Comparison['routes']> {
	if (parseAddress(target)?.kind === 'exchange')
		return {
			'at-most-once': {
				label: 'no-ack',
				send: { verb: 'publish', values: { persistent: false, confirm: false } },
				receive: { target, mode: 'tap' },
				delivery: 'copy',
				measures:
					'From basic.publish until the delivery from a temporary queue without acknowledgement. The server does not confirm the publisher.',
			},
		};
	const route = (label: string, isReliable: boolean, measures: string): Route => ({
		label,
		send: { verb: 'queue', values: { persistent: isReliable, confirm: isReliable } },
		receive: { target, mode: 'consume', prefetch: 1000, noAck: !isReliable },
		delivery: 'copy',
		measures,
	});
	return {
		'at-most-once': route(
			'no-ack, transient',
			false,
			'From basic.publish until the delivery to a consumer without acknowledgement. The server does not confirm the publisher.',
		),
		'at-least-once': route(
			'confirm and ack, persistent',
			true,
			'From basic.publish until the delivery to the consumer, which acknowledges. The server confirms the publisher.',
		),
	};
}

export const comparison: Comparison = {
	routes,
	idle({ heartbeat = 10 }) {
		if (typeof heartbeat !== 'number' || heartbeat <= 0) return undefined;
		return { every: heartbeat / 2, sent: 8, received: 8, what: 'heartbeat frames' };
	},
	guarantees: {
		ordering: 'Per queue and publisher channel; a requeued message may come late',
		persistence: 'Durable queues with persistent messages; streams keep them after reading',
		acknowledgement: 'Publisher confirms and consumer acknowledgements, each optional',
		routing: 'Exchanges by key, pattern, headers or to all; dead letters, priorities',
		discovery: 'None in the protocol; a management API in RabbitMQ',
		security: 'TLS, SASL, client certificates, permissions by name',
	},
	fits: {
		'low-bandwidth': [1, 'Three frames per message, and names of exchange and key in each.'],
		'low-latency': [2, 'One open connection, with a broker between sender and receiver.'],
		'at-least-once': [3, 'Confirms and acknowledgements on both sides of the queue.'],
		'exactly-once': [0, 'A lost acknowledgement brings a message again; the consumer must recognize it.'],
		constrained: [0, 'Handshake and frames are too large for small devices.'],
		browser: [0, 'Browsers cannot open its connections.'],
		server: [3, 'Work queues with retries and dead letters are its purpose.'],
		order: [2, 'In order per queue, with one consumer.'],
		'order-by-key': [1, 'Needs a consistent-hash exchange or a single active consumer.'],
		brokered: [3, 'Exchanges and queues decide where messages go.'],
		direct: [0, 'There is always a server.'],
		text: [2, 'Any payload, with a content type.'],
		binary: [3, 'Payloads are bytes.'],
		tls: [3, 'TLS on a port of its own.'],
		'client-certificate': [3, 'SASL EXTERNAL signs in by the certificate.'],
		'pre-shared-key': [0, 'Not offered.'],
		history: [1, 'Queues forget what was acknowledged; only streams keep it.'],
	},
};
