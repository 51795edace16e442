import type { Comparison } from '../../comparison';

export const comparison: Comparison = {
	routes: (target) => ({
		'at-most-once': {
			label: 'core NATS',
			send: { verb: 'publish', values: {} },
			receive: { target, mode: 'subscribe' },
			delivery: 'copy',
			measures:
				'From PUB until the server’s copy arrives at the subscriber. This client sends a PING after messages to learn that the server has read them.',
		},
		'at-least-once': {
			label: 'JetStream',
			send: { verb: 'stream', values: {} },
			receive: { target, mode: 'subscribe' },
			delivery: 'copy',
			measures:
				'From PUB until the copy arrives at a subscriber. The stream that has the subject stores the message and acknowledges it; the subscriber’s copy itself is not acknowledged.',
		},
	}),
	idle({ pingInterval = 10 }) {
		if (typeof pingInterval !== 'number' || pingInterval <= 0) return undefined;
		return { every: pingInterval, sent: 6, received: 6, what: 'PING and PONG' };
	},
	guarantees: {
		ordering: 'Per publisher and subject; per stream with JetStream',
		persistence: 'None in core NATS; streams on disk or in memory, replicated, with JetStream',
		acknowledgement: 'None in core NATS; of the stream and of each consumer with JetStream',
		routing: 'Subjects with wildcards; queue groups; requests with answers',
		discovery: 'The services API; clusters announce their servers',
		security: 'TLS, tokens, NKeys, JWTs, client certificates, permissions by subject',
	},
	fits: {
		'low-bandwidth': [2, 'A short line of text before each payload.'],
		'low-latency': [3, 'The server forwards messages at once and keeps no state for them.'],
		'at-least-once': [3, 'JetStream stores, acknowledges and delivers again.'],
		'exactly-once': [2, 'A message id is stored once within a time window, and acknowledgements can be confirmed.'],
		constrained: [1, 'Small clients exist, but devices commonly use MQTT, which the server speaks as well.'],
		browser: [2, 'Over WebSocket, where the server enables it.'],
		server: [3, 'Requests, events and streams between services with one small server.'],
		order: [2, 'In order per publisher and subject.'],
		'order-by-key': [2, 'Streams are ordered; a consumer may filter one subject.'],
		brokered: [3, 'Services know only the server.'],
		direct: [0, 'There is always a server.'],
		text: [2, 'Any payload; the protocol itself is readable.'],
		binary: [3, 'Payloads are bytes.'],
		tls: [3, 'The server asks for it in its greeting, or it comes first.'],
		'client-certificate': [3, 'Certificates map to users.'],
		'pre-shared-key': [1, 'NKeys sign a challenge, so that no secret is sent; the transport is TLS.'],
		history: [2, 'With JetStream, by time, size or number.'],
	},
};
