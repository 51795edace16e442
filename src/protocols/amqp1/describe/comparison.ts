import type { Comparison, Route } from '../../comparison';

const route = (target: string, label: string, settled: boolean, measures: string): Route => ({
	label,
	send: { verb: 'send', values: { settled, durable: !settled } },
	receive: { target, mode: 'consume' },
	delivery: 'copy',
	measures: `From the transfer to the address until the transfer to a receiver, which accepts it. ${measures}`,
});

export const comparison: Comparison = {
	routes: (target) => ({
		'at-most-once': route(target, 'settled', true, 'The sender does not wait for an outcome.'),
		'at-least-once': route(target, 'unsettled, durable', false, 'The server reports the outcome to the sender.'),
	}),
	ownFields: ['containerId'],
	idle({ idleTimeout = 10 }) {
		if (typeof idleTimeout !== 'number' || idleTimeout <= 0) return undefined;
		return { every: idleTimeout / 2, sent: 8, received: 8, what: 'empty frames' };
	},
	guarantees: {
		ordering: 'Per link; servers may redeliver out of order',
		persistence: 'By the server, for durable messages',
		acknowledgement: 'Outcomes: accepted, rejected, released or modified; optional when sent settled',
		routing: 'Addresses of the server; selectors and filters',
		discovery: 'None in the protocol',
		security: 'TLS, SASL, client certificates',
	},
	fits: {
		'low-bandwidth': [1, 'Sections with described types around each payload.'],
		'low-latency': [2, 'One open connection, usually with a broker between.'],
		'at-least-once': [3, 'Every transfer may have an outcome that both sides keep.'],
		'exactly-once': [1, 'In the specification; few servers implement it.'],
		constrained: [0, 'The type system and its layers take too much memory for small devices.'],
		browser: [1, 'Over WebSocket, where the server offers it.'],
		server: [3, 'The standard of Service Bus, Event Hubs, ActiveMQ, Artemis and Qpid.'],
		order: [2, 'In order per link.'],
		'order-by-key': [1, 'Sessions or message groups of some servers.'],
		brokered: [3, 'Queues and topics by address.'],
		direct: [1, 'The protocol is symmetric, so that two peers may speak without a broker.'],
		text: [2, 'A body can be a text, with a content type.'],
		binary: [3, 'Data sections are bytes.'],
		tls: [3, 'TLS first, on a port of its own.'],
		'client-certificate': [3, 'SASL EXTERNAL.'],
		'pre-shared-key': [0, 'Not offered.'],
		history: [1, 'Depends on the server; Event Hubs keeps its log.'],
	},
};
