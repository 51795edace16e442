interface NeedWords {
	label: string;
	/** The question that it answers. */
	topic: string;
	detail: string;
}

const need = (topic: string, label: string, detail: string): NeedWords => ({ topic, label, detail });

/** What an application may need from its protocol, in the order of the list to choose from. */
export const needs = {
	constrained: need('Device', 'Small devices', 'Some kilobytes of memory, battery, sleep'),
	browser: need('Device', 'Browsers', 'Web pages open the connection themselves'),
	server: need('Device', 'Services on servers', 'Programs of a backend among themselves'),
	'low-bandwidth': need('Bandwidth', 'Few bytes', 'Radio, mobile data, many small messages'),
	'low-latency': need('Latency', 'Short delay', 'Control, games, live data'),
	'at-least-once': need('Delivery', 'At least once', 'Nothing is lost; a message may come twice'),
	'exactly-once': need('Delivery', 'Exactly once', 'Nothing is lost and nothing comes twice'),
	order: need('Ordering', 'In order', 'As the sender has sent them'),
	'order-by-key': need('Ordering', 'In order per key, read by several', 'Work is divided, and each key stays in order'),
	brokered: need('Topology', 'Through a broker', 'Senders and receivers do not know each other'),
	direct: need('Topology', 'Directly, peer to peer', 'Nothing between the two ends'),
	history: need('Storage', 'Kept for later', 'New readers get earlier messages'),
	text: need('Payload', 'Text', 'JSON, XML, chat'),
	binary: need('Payload', 'Binary', 'Protobuf, CBOR, pictures'),
	tls: need('Security', 'Encrypted transport', 'TLS or DTLS'),
	'client-certificate': need('Security', 'Client certificates', 'Devices and services sign in by certificate'),
	'pre-shared-key': need('Security', 'Pre-shared keys', 'One secret per device, without certificates'),
};

export type Need = keyof typeof needs;

export const allNeeds = Object.keys(needs) as Need[];
