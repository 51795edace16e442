import type { Need } from '../protocols/comparison';

export interface NeedChoice {
	need: Need;
	label: string;
	/** The question that it answers. */
	topic: string;
	detail: string;
}

/** What a user can choose from, in the order of the list. */
export const needs: readonly NeedChoice[] = [
	{ need: 'constrained', label: 'Small devices', topic: 'Device', detail: 'Some kilobytes of memory, battery, sleep' },
	{ need: 'browser', label: 'Browsers', topic: 'Device', detail: 'Web pages open the connection themselves' },
	{ need: 'server', label: 'Services on servers', topic: 'Device', detail: 'Programs of a backend among themselves' },
	{ need: 'low-bandwidth', label: 'Few bytes', topic: 'Bandwidth', detail: 'Radio, mobile data, many small messages' },
	{ need: 'low-latency', label: 'Short delay', topic: 'Latency', detail: 'Control, games, live data' },
	{
		need: 'at-least-once',
		label: 'At least once',
		topic: 'Delivery',
		detail: 'Nothing is lost; a message may come twice',
	},
	{ need: 'exactly-once', label: 'Exactly once', topic: 'Delivery', detail: 'Nothing is lost and nothing comes twice' },
	{ need: 'order', label: 'In order', topic: 'Ordering', detail: 'As the sender has sent them' },
	{
		need: 'order-by-key',
		label: 'In order per key, read by several',
		topic: 'Ordering',
		detail: 'Work is divided, and each key stays in order',
	},
	{
		need: 'brokered',
		label: 'Through a broker',
		topic: 'Topology',
		detail: 'Senders and receivers do not know each other',
	},
	{ need: 'direct', label: 'Directly, peer to peer', topic: 'Topology', detail: 'Nothing between the two ends' },
	{ need: 'history', label: 'Kept for later', topic: 'Storage', detail: 'New readers get earlier messages' },
	{ need: 'text', label: 'Text', topic: 'Payload', detail: 'JSON, XML, chat' },
	{ need: 'binary', label: 'Binary', topic: 'Payload', detail: 'Protobuf, CBOR, pictures' },
	{ need: 'tls', label: 'Encrypted transport', topic: 'Security', detail: 'TLS or DTLS' },
	{
		need: 'client-certificate',
		label: 'Client certificates',
		topic: 'Security',
		detail: 'Devices and services sign in by certificate',
	},
	{
		need: 'pre-shared-key',
		label: 'Pre-shared keys',
		topic: 'Security',
		detail: 'One secret per device, without certificates',
	},
];
