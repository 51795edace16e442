import type { Comparison } from '../../comparison';

const measures = 'From the event until the same text comes back on the connection, so the server must echo the event.';

export const comparison: Comparison = {
	routes: () => ({
		'at-most-once': {
			label: 'emit',
			send: { verb: 'emit', values: { as: 'text' } },
			delivery: 'copy',
			echo: true,
			measures,
		},
		'at-least-once': {
			label: 'emit with acknowledgement',
			send: { verb: 'request', values: { as: 'text' } },
			delivery: 'answer',
			measures:
				'From the event until the acknowledgement of the server: a request and its answer. It is not repeated by itself when the connection is lost.',
		},
	}),
	idle: () => ({ every: 25, sent: 7, received: 3, what: 'ping and pong of Engine.IO, at the server’s usual interval' }),
	guarantees: {
		ordering: 'Per connection and direction',
		persistence: 'None, except recovery of a short loss of the connection',
		acknowledgement: 'Per event, if the sender asks for it',
		routing: 'Namespaces; rooms on the server',
		discovery: 'None',
		security: 'TLS, and what HTTP offers: cookies, headers, tokens',
	},
	fits: {
		'low-bandwidth': [2, 'A WebSocket frame with the name of the event; polling costs far more.'],
		'low-latency': [3, 'Two ends of one open connection.'],
		'at-least-once': [1, 'Acknowledgements with retries on the client’s side; the server has none by default.'],
		'exactly-once': [0, 'Not offered.'],
		constrained: [0, 'HTTP, WebSocket and JSON in layers.'],
		browser: [3, 'Made for it, with polling where WebSocket is blocked.'],
		server: [1, 'Between browsers and one kind of server.'],
		order: [3, 'In order per connection.'],
		'order-by-key': [0, 'Not offered.'],
		brokered: [1, 'The server has rooms and broadcasts; several servers need an adapter.'],
		direct: [2, 'Client and server, with the library on both ends.'],
		text: [3, 'Events with JSON arguments.'],
		binary: [2, 'As attachments of an event.'],
		tls: [3, 'On the port of HTTPS.'],
		'client-certificate': [1, 'As in HTTPS; uncommon.'],
		'pre-shared-key': [0, 'Not offered.'],
		history: [0, 'Nothing is kept beyond the recovery of a connection.'],
	},
};
