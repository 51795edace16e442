import type { Comparison, Route } from '../../comparison';

const route = (label: string, type: 'con' | 'non', measures: string): Route => ({
	label,
	send: { verb: 'put', values: { type } },
	delivery: 'answer',
	measures: `From the PUT until the response of the server: a request and its answer, not a copy to a subscriber. ${measures}`,
});

export const comparison: Comparison = {
	routes: () => ({
		'at-most-once': route('NON', 'non', 'A lost request is not repeated.'),
		'at-least-once': route(
			'CON',
			'con',
			'A lost request is repeated. One at a time, as RFC 7252 asks of clients (NSTART).',
		),
	}),
	idle: () => undefined,
	guarantees: {
		ordering: 'None; observers discard values that are older than the last',
		persistence: 'None; the device has the current state',
		acknowledgement: 'CON is repeated until it is acknowledged; NON is not',
		routing: 'Paths of one server; groups by multicast, further servers by proxy',
		discovery: '/.well-known/core, also by multicast',
		security: 'DTLS with pre-shared keys, raw keys or certificates; OSCORE end to end',
	},
	fits: {
		'low-bandwidth': [3, 'Its header takes 4 bytes, over UDP without a connection.'],
		'low-latency': [3, 'One request and one response, without a broker between.'],
		'at-least-once': [2, 'CON is repeated up to four times; then the sender knows that it failed.'],
		'exactly-once': [
			1,
			'Servers recognize repeated message IDs for about four minutes; PUT and DELETE may be repeated.',
		],
		constrained: [3, 'Made for devices with some kilobytes of memory that sleep most of the time.'],
		browser: [0, 'Browsers cannot send UDP.'],
		server: [1, 'For services that talk to devices; between servers HTTP is more common.'],
		order: [0, 'Requests may overtake each other.'],
		'order-by-key': [0, 'Not offered.'],
		brokered: [0, 'Client and device speak directly; a broker is a draft (CoAP Pub/Sub).'],
		direct: [3, 'Each device is a server itself.'],
		text: [2, 'Content formats declare it.'],
		binary: [3, 'Made for it, commonly with CBOR.'],
		tls: [2, 'DTLS, the same for UDP.'],
		'client-certificate': [2, 'In DTLS; this client supports pre-shared keys only.'],
		'pre-shared-key': [3, 'The common way, with little code and few bytes.'],
		history: [0, 'Only the current state.'],
	},
};
