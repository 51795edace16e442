import type { Comparison, Route } from '../../comparison';

const route = (target: string, qos: 0 | 1, measures: string): Route => ({
	label: `QoS ${qos}`,
	send: { verb: 'publish', values: { qos } },
	receive: { target, qos },
	delivery: 'copy',
	measures,
});

export const comparison: Comparison = {
	routes: (target) => ({
		'at-most-once': route(target, 0, 'From PUBLISH until the broker’s copy arrives at the subscriber.'),
		'at-least-once': route(
			target,
			1,
			'From PUBLISH until the broker’s copy arrives at the subscriber. Both hops are acknowledged by PUBACK.',
		),
	}),
	ownFields: ['clientId', 'cleanStart', 'sessionExpiry'],
	idle({ keepalive = 60 }) {
		if (typeof keepalive !== 'number' || keepalive <= 0) return undefined;
		return { every: keepalive, sent: 2, received: 2, what: 'PINGREQ and PINGRESP' };
	},
	guarantees: {
		ordering: 'Per topic, publisher and QoS; a redelivery may come late',
		persistence: 'Retained message per topic; queued for sessions that are kept',
		acknowledgement: 'None, PUBACK (QoS 1) or exactly once per hop (QoS 2), chosen per message',
		routing: 'Topics with wildcards; shared subscriptions in MQTT 5',
		discovery: 'None; a subscription to # shows what is published',
		security: 'TLS, user and password, client certificates',
	},
	fits: {
		'low-bandwidth': [3, 'Its header takes 2 bytes beside the topic, and topic aliases shorten that.'],
		'low-latency': [2, 'One open connection, with a broker between sender and receiver.'],
		'at-least-once': [3, 'QoS 1 acknowledges each hop.'],
		'exactly-once': [2, 'QoS 2 removes duplicates on each hop, at four packets per message.'],
		constrained: [3, 'Clients fit into some tens of kilobytes, and sessions survive a lost network.'],
		browser: [2, 'Over WebSocket, which most brokers offer.'],
		server: [2, 'Well supported, but brokers keep little for consumers that are slow.'],
		order: [2, 'In order per topic and QoS.'],
		'order-by-key': [1, 'Shared subscriptions distribute messages without regard to a key.'],
		brokered: [3, 'Publishers and subscribers know only the broker.'],
		direct: [0, 'There is always a broker.'],
		text: [2, 'Any payload; MQTT 5 marks text.'],
		binary: [3, 'Payloads are bytes.'],
		tls: [3, 'TLS on a port of its own.'],
		'client-certificate': [3, 'Common for devices.'],
		'pre-shared-key': [1, 'Some brokers offer TLS with pre-shared keys; few clients do.'],
		history: [1, 'Only the latest retained message of a topic.'],
	},
};
