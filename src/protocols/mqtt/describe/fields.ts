import type { Choice, Field, FieldGroup } from '../../../model/profile/field';
import { limits, routingHeaders, tls, userAndPassword } from '../../shared/fields';

const week = 7 * 24 * 3600;
/** The largest four-byte integer; as an expiry it means "never". */
const never = 4_294_967_295;

const qosChoices: readonly Choice[] = [
	{ value: 0, label: '0 – at most once', help: 'Nothing is acknowledged.' },
	{ value: 1, label: '1 – at least once', help: 'Acknowledged; may arrive twice.' },
	{ value: 2, label: '2 – exactly once', help: 'Acknowledged in two steps.' },
];

/** Hint at fields that MQTT 3.1.1 cannot carry. */
const five = 'MQTT 5 only.';

const session: FieldGroup = {
	title: 'Session',
	fields: [
		{
			key: 'mqttVersion',
			label: 'MQTT version',
			type: 'choice',
			default: 'auto',
			choices: [
				{ value: 'auto', label: '5, or 3.1.1 if the broker refuses it' },
				{ value: '5', label: '5' },
				{ value: '3.1.1', label: '3.1.1' },
			],
		},
		{
			key: 'reconnect',
			label: 'Connect again by itself when the connection is lost',
			help: 'With growing pauses up to 30 s, and never after a refused login.',
			type: 'boolean',
			default: true,
			advanced: true,
		},
		{
			key: 'clientId',
			label: 'Client ID',
			type: 'text',
			maxBytes: 65_535,
			placeholder: 'a new one for each window',
			help: 'Empty: a new one for each window, so that two windows do not throw each other out.',
		},
		{
			key: 'cleanStart',
			label: 'Clean start',
			type: 'boolean',
			default: true,
			help: 'Forget what the broker kept for this client ID. Off needs a client ID of its own.',
		},
		{
			key: 'sessionExpiry',
			label: 'Session expiry',
			type: 'number',
			integer: true,
			min: 0,
			max: never,
			unit: 's',
			default: 0,
			help: `How long the broker keeps the session after the connection has ended. ${five}`,
			advanced: true,
		},
		{
			key: 'keepalive',
			label: 'Keep alive',
			type: 'number',
			integer: true,
			min: 0,
			max: 65_535,
			unit: 's',
			default: 60,
			help: 'How long the broker waits for a sign of life. 0: for ever.',
			advanced: true,
		},
		{
			key: 'receiveMaximum',
			label: 'Receive maximum',
			type: 'number',
			integer: true,
			min: 1,
			max: 65_535,
			help: `Messages at QoS 1 and 2 that the broker may have on the way at once. ${five}`,
			advanced: true,
		},
		{
			key: 'topicAliasMaximum',
			label: 'Topic aliases accepted',
			type: 'number',
			integer: true,
			min: 0,
			max: 65_535,
			default: 0,
			help: `Topics that the broker may replace by a number. ${five}`,
			advanced: true,
		},
		{
			key: 'userProperties',
			label: 'User properties',
			type: 'pairs',
			help: `Sent with CONNECT. ${five}`,
			advanced: true,
		},
	],
};

const webSocket: FieldGroup = {
	title: 'WebSocket',
	when: { key: '@scheme', is: ['ws', 'wss'] },
	help: 'The path is taken from the URL; without one it is /mqtt.',
	fields: [
		{ key: 'ws.headers', label: 'Request headers', type: 'pairs', risk: routingHeaders, advanced: true },
		{ key: 'ws.origin', label: 'Origin', type: 'text', advanced: true },
	],
};

const will: FieldGroup = {
	title: 'Last will',
	help: 'What the broker publishes for this client when the connection breaks.',
	fields: [
		{ key: 'will.topic', label: 'Topic', type: 'text', maxBytes: 65_535, advanced: true },
		{ key: 'will.payload', label: 'Payload', type: 'multiline', advanced: true },
		{ key: 'will.qos', label: 'QoS', type: 'choice', choices: qosChoices, default: 0, advanced: true },
		{ key: 'will.retain', label: 'Retain', type: 'boolean', default: false, advanced: true },
		{
			key: 'will.delay',
			label: 'Delay',
			type: 'number',
			integer: true,
			min: 0,
			max: never,
			unit: 's',
			help: `Between the break and the will; none if the client is back by then. ${five}`,
			advanced: true,
		},
		{
			key: 'will.expiry',
			label: 'Message expiry',
			type: 'number',
			integer: true,
			min: 0,
			max: never,
			unit: 's',
			help: five,
			advanced: true,
		},
		{ key: 'will.contentType', label: 'Content type', type: 'text', maxBytes: 65_535, help: five, advanced: true },
		{ key: 'will.responseTopic', label: 'Response topic', type: 'text', maxBytes: 65_535, help: five, advanced: true },
		{ key: 'will.userProperties', label: 'User properties', type: 'pairs', help: five, advanced: true },
	],
};

export const profileFields: readonly FieldGroup[] = [userAndPassword, tls, session, webSocket, will, limits];

/** Of a subscription (MQTT 5, 3.8.2.1.2). */
export const longestIdentifier = 268_435_455;

export const subscriptionFields: readonly Field[] = [
	{
		key: 'qos',
		label: 'QoS',
		type: 'choice',
		choices: qosChoices,
		default: 0,
		help: 'The most that messages are delivered with.',
	},
	{
		key: 'noLocal',
		label: 'Without my own messages (no local)',
		type: 'boolean',
		default: false,
		help: five,
		advanced: true,
	},
	{
		key: 'retainAsPublished',
		label: 'Retain flag as published',
		type: 'boolean',
		default: false,
		help: `Off: only messages that were already retained are marked. ${five}`,
		advanced: true,
	},
	{
		key: 'retainHandling',
		label: 'Retained messages',
		type: 'choice',
		default: 0,
		choices: [
			{ value: 0, label: 'send them now' },
			{ value: 1, label: 'send them only if the subscription is new' },
			{ value: 2, label: 'do not send them' },
		],
		help: five,
		advanced: true,
	},
	{
		key: 'identifier',
		label: 'Subscription identifier',
		type: 'number',
		integer: true,
		min: 1,
		max: longestIdentifier,
		help: `Comes back with every message that fits this subscription. ${five}`,
		advanced: true,
	},
];

export const publishFields: readonly Field[] = [
	{ key: 'qos', label: 'QoS', type: 'choice', choices: qosChoices, default: 0 },
	{
		key: 'retain',
		label: 'Retain',
		type: 'boolean',
		default: false,
		help: 'The broker keeps it for later subscribers. An empty payload clears what it keeps.',
	},
	{
		key: 'contentType',
		label: 'Content type',
		type: 'text',
		maxBytes: 65_535,
		suggest: ['application/json', 'text/plain', 'application/cbor', 'application/octet-stream'],
		help: five,
		advanced: true,
	},
	{ key: 'responseTopic', label: 'Response topic', type: 'text', maxBytes: 65_535, help: five, advanced: true },
	{
		key: 'correlationData',
		label: 'Correlation data',
		type: 'text',
		help: `Text, or bytes in hexadecimal after "0x". ${five}`,
		advanced: true,
	},
	{
		key: 'messageExpiry',
		label: 'Message expiry',
		type: 'number',
		integer: true,
		min: 0,
		max: never,
		unit: 's',
		placeholder: String(week),
		help: `The broker drops it when it could not be delivered by then. ${five}`,
		advanced: true,
	},
	{
		key: 'payloadFormat',
		label: 'Payload is UTF-8 text',
		type: 'boolean',
		default: false,
		help: `Tells the receivers so (payload format indicator). ${five}`,
		advanced: true,
	},
	{
		key: 'topicAlias',
		label: 'Topic alias',
		type: 'number',
		integer: true,
		min: 1,
		max: 65_535,
		help: `A number that stands for the topic on this connection. ${five}`,
		advanced: true,
	},
	{ key: 'userProperties', label: 'User properties', type: 'pairs', help: five, advanced: true },
];
