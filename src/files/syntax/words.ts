/** What a verb makes the runner do. `mqtt` and `amqp`: httpYac's forms, whose headers say it. */
export type Action = 'send' | 'receive' | 'request' | 'conversation' | 'mqtt' | 'amqp';

export interface VerbWord {
	/** The name that is suggested, first of its aliases. */
	name: string;
	aliases: readonly string[];
	action: Action;
	help: string;
	/** Ids of the protocols that have it; undefined: any that can do it. */
	protocols?: readonly string[];
	/** The verb of the protocol that it stands for; undefined: the protocol's first one. */
	verb?: string;
}

const coap = (name: string): VerbWord => ({
	name,
	aliases: [],
	action: 'request',
	help: `CoAP ${name}`,
	protocols: ['coap'],
	verb: name.toLowerCase(),
});

export const verbs: readonly VerbWord[] = [
	{ name: 'PUBLISH', aliases: ['PUB', 'SEND', 'PRODUCE'], action: 'send', help: 'Sends a message.' },
	{ name: 'SUBSCRIBE', aliases: ['SUB', 'CONSUME'], action: 'receive', help: 'Receives messages.' },
	{ name: 'REQUEST', aliases: [], action: 'request', help: 'Sends a message and waits for its reply.' },
	{ name: 'OBSERVE', aliases: [], action: 'receive', help: 'Receives every change of a resource.' },
	{
		name: 'WEBSOCKET',
		aliases: ['WS', 'WSS'],
		action: 'conversation',
		help: 'Opens a WebSocket, sends the messages in order and receives.',
		protocols: ['websocket'],
	},
	...['GET', 'POST', 'PUT', 'DELETE', 'FETCH', 'PATCH', 'IPATCH'].map(coap),
	{
		name: 'MQTT',
		aliases: [],
		action: 'mqtt',
		help: "httpYac's form: a URL, and topics in the headers publish, subscribe and topic.",
		protocols: ['mqtt'],
	},
	{
		name: 'AMQP',
		aliases: [],
		action: 'amqp',
		help: "httpYac's form: a URL, and headers that start with amqp_.",
		protocols: ['amqp'],
	},
];

const byName = new Map(verbs.flatMap((verb) => [verb.name, ...verb.aliases].map((name) => [name, verb] as const)));
export const verbNames: readonly string[] = [...byName.keys()];

/** In any case. */
export function verbOf(name: string): VerbWord | undefined {
	return byName.get(name) ?? byName.get(name.toUpperCase());
}

export interface MetadataWord {
	name: string;
	/** `none`: the name alone. `loop`: "for 10". */
	value: 'none' | 'text' | 'name' | 'count' | 'duration' | 'connection' | 'loop' | 'body';
	help: string;
	/** Applies to every request when it stands before the first `###`, even if a request follows at once. */
	ofFile?: boolean;
}

export const metadataWords: readonly MetadataWord[] = [
	{ name: 'name', value: 'name', help: 'A name for {{name.body.path}}, for --name and for the list of tests.' },
	{ name: 'title', value: 'text', help: 'What the outline shows.' },
	{ name: 'note', value: 'text', help: 'A remark that is shown with the result.' },
	{ name: 'description', value: 'text', help: 'A remark that is shown with the result.' },
	{ name: 'connection', value: 'connection', help: 'The connection to use, by its name.', ofFile: true },
	{ name: 'env', value: 'text', help: 'The environment to use where none is chosen.', ofFile: true },
	{ name: 'maxMessages', value: 'count', help: 'Ends after this many messages.' },
	{ name: 'timeout', value: 'duration', help: 'Ends after this time: 500ms, 5s, 2m.' },
	{ name: 'keepStreaming', value: 'none', help: 'Receives until it is stopped.' },
	{ name: 'every', value: 'duration', help: 'Sends again and again, this long apart.' },
	{ name: 'loop', value: 'loop', help: 'Runs several times: for 10.' },
	{ name: 'body', value: 'body', help: 'How the body is written down: hex or base64.' },
	{ name: 'disabled', value: 'none', help: 'Is left out when the whole file runs.' },
];

/** Words of other tools that change nothing here and are no mistake. */
export const foreignMetadata: readonly string[] = [
	'import',
	'ref',
	'forceRef',
	'no-log',
	'noLog',
	'no-redirect',
	'no-cookie-jar',
	'no-response-view',
	'noResponseView',
	'openWith',
	'save',
	'extension',
	'language',
	'prompt',
	'debug',
	'verbose',
	'tag',
];

const words = new Map(metadataWords.map((word) => [word.name.toLowerCase(), word]));

export function metadataWord(name: string): MetadataWord | undefined {
	return words.get(name.toLowerCase());
}
