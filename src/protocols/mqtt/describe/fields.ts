import type { Choice, Field, FieldGroup } from '../../../model/profile/field';
import { history, limits, reconnect, tls, userAndPassword, webSocket } from '../../shared/fields';

const week = 7 * 24 * 3600;
/** The largest four-byte integer; as an expiry it means "never". */
const never = 4_294_967_295;

const qosChoices: readonly Choice[] = [
	{ value: 0, label: '0 – at most once', help: 'Nothing is acknowledged.' },
	{ value: 1, label: '1 – at least once', help: 'Acknowledged; may arrive twice.' },
	{ value: 2, label: '2 – exactly once', help: 'Acknowledged in two steps.' },
];

/** Part of the help of fields that MQTT 3.1.1 cannot carry. */
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
		reconnect,
		{
			key: 'clientId',
			label: 'Client ID',
			type: 'text',
			maxBytes: 65_535,
			placeholder: 'generated for each window',
			help: "Leave empty to generate one per window, so windows don't disconnect each other.",
		},
		{
			key: 'cleanStart',
			label: 'Clean start',
			type: 'boolean',
			default: true,
			help: 'Discard any stored session. To turn this off, set a client ID.',
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
			help: 'Keep-alive interval. 0 disables it.',
			advanced: true,
		},
		{
			key: 'receiveMaximum',
			label: 'Receive maximum',
			type: 'number',
			integer: true,
			min: 1,
			max: 65_535,
			help: `Messages at QoS 1 and 2 that the broker may send before they are acknowledged. ${five}`,
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

const upgrade: FieldGroup = { ...webSocket, help: 'The path is taken from the URL; without one it is /mqtt.' };

const will: FieldGroup = {
	title: 'Last will',
	help: 'The broker publishes this message for the client when the connection breaks.',
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
			help: `Delay between the break and the will. Nothing is published if the client reconnects in time. ${five}`,
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

export const profileFields: readonly FieldGroup[] = [userAndPassword, tls, session, upgrade, will, limits, history];

/** The largest subscription identifier (MQTT 5, 3.8.2.1.2). */
export const maxIdentifier = 268_435_455;

export const subscriptionFields: readonly Field[] = [
	{
		key: 'qos',
		label: 'QoS',
		type: 'choice',
		choices: qosChoices,
		default: 0,
		help: 'The highest QoS for messages of this subscription.',
	},
	{
		key: 'noLocal',
		label: "Don't receive my own messages (No Local)",
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
		help: `Off: only messages that were already retained are marked as retained. ${five}`,
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
		max: maxIdentifier,
		help: `Sent back with every message of this subscription. Leave empty to let the workbench choose a number. ${five}`,
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
		help: 'The broker keeps the message for later subscribers. An empty payload clears it.',
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
		help: `The broker discards the message if it isn't delivered in time. ${five}`,
		advanced: true,
	},
	{
		key: 'payloadFormat',
		label: 'Payload is UTF-8 text',
		type: 'boolean',
		default: false,
		help: `Sets the payload format indicator to UTF-8. ${five}`,
		advanced: true,
	},
	{
		key: 'topicAlias',
		label: 'Topic alias',
		type: 'number',
		integer: true,
		min: 1,
		max: 65_535,
		help: `Numeric alias for the topic on this connection. ${five}`,
		advanced: true,
	},
	{ key: 'userProperties', label: 'User properties', type: 'pairs', help: five, advanced: true },
];
