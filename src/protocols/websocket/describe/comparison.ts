import type { Comparison } from '../../comparison';

export const comparison: Comparison = {
	routes: () => ({
		'at-most-once': {
			label: 'text frames',
			send: { verb: 'send', values: { type: 'text' } },
			delivery: 'copy',
			echo: true,
			measures:
				'From the frame until the same text comes back on the connection, so the server must echo messages. There is no acknowledgement.',
		},
	}),
	idle({ pingInterval = 30 }) {
		if (typeof pingInterval !== 'number' || pingInterval <= 0) return undefined;
		return { every: pingInterval, sent: 6, received: 2, what: 'ping and pong' };
	},
	guarantees: {
		ordering: 'Per connection and direction',
		persistence: 'None',
		acknowledgement: 'None; the application adds its own',
		routing: 'None; two ends',
		discovery: 'None',
		security: 'TLS, and what HTTP offers: cookies, headers, tokens, client certificates',
	},
	fits: {
		'low-bandwidth': [3, 'Frames add 2 to 14 bytes; the opening handshake is HTTP.'],
		'low-latency': [3, 'Two ends of one open connection.'],
		'at-least-once': [0, 'There are no acknowledgements; the application must add them.'],
		'exactly-once': [0, 'Not offered.'],
		constrained: [1, 'TCP, HTTP and masking are work for a small device.'],
		browser: [3, 'Built into every browser.'],
		server: [1, 'Each server invents its own messages.'],
		order: [3, 'One stream in each direction.'],
		'order-by-key': [0, 'Not offered.'],
		brokered: [0, 'The server must distribute messages itself.'],
		direct: [3, 'Client and server, nothing between.'],
		text: [3, 'Text frames are valid UTF-8 by definition.'],
		binary: [3, 'Binary frames.'],
		tls: [3, 'On the port of HTTPS.'],
		'client-certificate': [2, 'As in HTTPS; browsers ask the user.'],
		'pre-shared-key': [0, 'Not offered.'],
		history: [0, 'Nothing is kept.'],
	},
};
