import type { Comparison } from '../../comparison';

export const comparison: Comparison = {
	routes: () => ({
		'at-least-once': {
			label: 'message, acknowledged (XEP-0198)',
			send: { verb: 'message', values: { type: 'chat' } },
			delivery: 'copy',
			sideEffect:
				'The account is online meanwhile: messages that are kept for it, and those that others send to it, may be delivered to the comparison, which discards them.',
			measures:
				'From the message stanza until it arrives at another connection of the receiver, which must be the account of this connection. Only the server’s receipt is acknowledged (stream management), where it offers that.',
		},
	}),
	ownFields: ['resource'],
	idle: () => undefined,
	guarantees: {
		ordering: 'Per pair of sender and receiver',
		persistence: 'Offline messages and archives (MAM), by the server',
		acknowledgement: 'Per hop with stream management (XEP-0198); receipts end to end (XEP-0184)',
		routing: 'Addresses of users; rooms; PubSub nodes; between servers',
		discovery: 'Service discovery (XEP-0030), presence, contact lists',
		security: 'TLS, SASL with SCRAM; OMEMO end to end between clients',
	},
	fits: {
		'low-bandwidth': [0, 'XML around every message.'],
		'low-latency': [2, 'Open connections; one or two servers between.'],
		'at-least-once': [2, 'Stream management resumes a lost connection, and receipts confirm arrival.'],
		'exactly-once': [0, 'Clients recognize repeated stanzas by their ids.'],
		constrained: [0, 'An XML parser and a long sign-in.'],
		browser: [2, 'Over WebSocket.'],
		server: [1, 'For people and presence rather than for services.'],
		order: [2, 'In order per sender and receiver.'],
		'order-by-key': [0, 'Not offered.'],
		brokered: [2, 'Servers carry messages, also between organizations.'],
		direct: [1, 'Without servers only in a local network (XEP-0174).'],
		text: [3, 'Made for text and XML.'],
		binary: [0, 'Bytes must be encoded as text.'],
		tls: [3, 'STARTTLS or TLS first.'],
		'client-certificate': [1, 'SASL EXTERNAL, on some servers.'],
		'pre-shared-key': [0, 'Passwords with SCRAM are never sent, but the transport is TLS.'],
		history: [2, 'Archives of conversations (XEP-0313).'],
	},
};
