import type { Field, FieldGroup } from '../../../model/profile/field';
import { answerTimeout, history, limits, reconnect, serverChoice, tls, webSocket } from '../../shared/fields';
import { typedHelp } from './values/typed-text';

const login: FieldGroup = {
	title: 'Authentication',
	fields: [
		{
			key: 'mechanism',
			label: 'Mechanism',
			type: 'choice',
			default: 'auto',
			choices: [
				{
					value: 'auto',
					label: 'Automatic',
					help: 'PLAIN with a user name, EXTERNAL with a client certificate, else ANONYMOUS.',
				},
				{ value: 'PLAIN', label: 'User name and password (PLAIN)' },
				{ value: 'ANONYMOUS', label: 'Anonymous (ANONYMOUS)' },
				{ value: 'EXTERNAL', label: 'Client certificate (EXTERNAL)' },
				{ value: 'OAUTHBEARER', label: 'Token (OAUTHBEARER)' },
				{ value: 'XOAUTH2', label: 'Token (XOAUTH2)' },
				{ value: 'none', label: 'No login', help: 'The connection begins without SASL.' },
			],
		},
		{
			key: 'username',
			label: 'User name',
			type: 'text',
			maxBytes: 1000,
			when: { key: 'mechanism', is: ['auto', 'PLAIN', 'OAUTHBEARER', 'XOAUTH2'] },
		},
		{ key: 'password', label: 'Password', type: 'secret', when: { key: 'mechanism', is: ['auto', 'PLAIN'] } },
		{ key: 'token', label: 'Token', type: 'secret', when: { key: 'mechanism', is: ['OAUTHBEARER', 'XOAUTH2'] } },
	],
};

const server: FieldGroup = {
	title: 'Server',
	fields: [
		{
			key: 'hostname',
			label: 'Host name',
			type: 'text',
			maxBytes: 255,
			placeholder: 'the host of the URL',
			help: 'Tells the server which of its hosts is meant. For RabbitMQ "vhost:orders" names a virtual host.',
			risk: serverChoice,
			advanced: true,
		},
		{
			key: 'containerId',
			label: 'Container ID',
			type: 'text',
			maxBytes: 255,
			placeholder: 'generated',
			help: 'The name of this client at the server.',
			advanced: true,
		},
		{
			key: 'idleTimeout',
			label: 'Idle timeout',
			type: 'number',
			integer: true,
			min: 0,
			max: 10,
			unit: 's',
			default: 10,
			help: 'The server must send something at least this often; one that is silent for one and a half of this time is considered dead. 0: it need not.',
			advanced: true,
		},
		reconnect,
	],
};

const browsing: FieldGroup = {
	title: 'Addresses',
	fields: [
		{
			key: 'addresses',
			label: 'Addresses to list',
			type: 'list',
			help: 'Shown in the tree beside those that were used. AMQP 1.0 has no way to list the addresses of a server.',
		},
		{
			key: 'trustBrowsing',
			label: 'Browse with any product',
			type: 'boolean',
			default: false,
			help: 'Browse is offered with servers that are known to keep browsed messages. With this, the server’s promise of copies is enough; one that does not keep it may hold or lose messages.',
			advanced: true,
			risk: { text: 'looking may hold or take messages', when: [true] },
		},
	],
};

export const profileFields: readonly FieldGroup[] = [login, tls, webSocket, server, browsing, limits, history];

const credit = (initial: number, help: string): Field => ({
	key: 'credit',
	label: 'Credit',
	type: 'number',
	integer: true,
	...{ min: 1, max: 2000, default: initial, help },
});

const filters: readonly Field[] = [
	{
		key: 'selector',
		label: 'Selector',
		type: 'text',
		placeholder: "priority > 4 AND region = 'eu'",
		help: 'The server sends only messages whose properties match (filter apache.org:selector-filter:string).',
	},
	{
		key: 'filters',
		label: 'Other filters',
		type: 'pairs',
		help: `Name and value, such as rabbitmq:stream-offset-spec and first. The name is also the descriptor. ${typedHelp}`,
		advanced: true,
	},
	{
		key: 'sourceCapabilities',
		label: 'Capabilities',
		type: 'list',
		help: 'Of the source, such as queue or topic.',
		advanced: true,
	},
];

export const browseFields: readonly Field[] = [credit(1000, 'Messages that the server may send ahead.'), ...filters];
export const releaseFields: readonly Field[] = [
	credit(100, 'Messages that are received at most, and then all released.'),
	...filters,
];
export const receiveFields: readonly Field[] = [
	credit(10, 'Messages that may wait for an outcome. No more arrive until some are settled.'),
	...filters,
];
export const consumeFields: readonly Field[] = [credit(1000, 'Messages that the server may send ahead.'), ...filters];

const typedPairs = (key: string, label: string, help: string, advanced = true): Field => ({
	...{ key, label, help: `${help} ${typedHelp}`, advanced },
	type: 'pairs',
});

const text = (key: string, label: string, more: Partial<Extract<Field, { type: 'text' }>> = {}): Field => ({
	...{ key, label, advanced: true, ...more },
	type: 'text',
});

const whole = (key: string, label: string, max: number, more: { unit?: string; help?: string } = {}): Field => ({
	...{ key, label, min: 0, max, integer: true, advanced: true, ...more },
	type: 'number',
});

const maxUint = 4_294_967_295;
const idHelp = 'Text, or with a type: (ulong) 5, (uuid) …, (binary) 0aff.';
const timeHelp = 'A time such as 2026-01-31T12:00:00Z, or milliseconds since 1970.';

const common: readonly Field[] = [
	{
		key: 'body',
		label: 'Body',
		type: 'choice',
		default: 'data',
		choices: [
			{ value: 'data', label: 'Data', help: 'The bytes of the payload, in a data section.' },
			{ value: 'text', label: 'Text', help: 'A value of the type string.' },
			{ value: 'binary', label: 'Binary', help: 'A value of the type binary.' },
			{ value: 'value', label: 'Value', help: 'A value of any type: JSON, or with a type in front such as (ulong) 5.' },
			{ value: 'sequence', label: 'Sequence', help: 'The items of a JSON list, in a sequence section.' },
			{ value: 'none', label: 'None', help: 'No body at all; the payload must be empty.' },
		],
	},
	text('contentType', 'Content type', {
		suggest: ['application/json', 'text/plain', 'application/octet-stream'],
		advanced: false,
	}),
	text('subject', 'Subject', { advanced: false }),
	typedPairs('properties', 'Application properties', 'Names and values.', false),
	{
		key: 'durable',
		label: 'Durable',
		type: 'boolean',
		default: true,
		help: 'The server must not lose it when it restarts.',
	},
	whole('ttl', 'Time to live', maxUint, { unit: 'ms' }),
	whole('priority', 'Priority', 255, { help: '4 unless set.' }),
	text('messageId', 'Message ID', { help: idHelp }),
	text('correlationId', 'Correlation ID', { help: idHelp }),
	text('groupId', 'Group ID'),
	whole('groupSequence', 'Group sequence', maxUint),
	text('to', 'To', { help: 'The address of the node in the properties; not set unless given.' }),
	text('userId', 'User ID', {
		help: 'The user who is responsible for the message; some servers compare it with the login.',
	}),
	text('contentEncoding', 'Content encoding', { suggest: ['gzip', 'deflate'] }),
	text('expires', 'Absolute expiry time', { help: timeHelp }),
	text('created', 'Creation time', { help: timeHelp }),
	text('replyToGroupId', 'Reply-to group ID'),
	{ key: 'firstAcquirer', label: 'First acquirer', type: 'boolean', default: false, advanced: true },
	whole('deliveryCount', 'Delivery count', maxUint, { help: 'Of earlier deliveries without success.' }),
	typedPairs('annotations', 'Message annotations', 'A name is a symbol; (ulong) 5 is a number.'),
	typedPairs('deliveryAnnotations', 'Delivery annotations', 'For the next node only. A name is a symbol.'),
	typedPairs('footer', 'Footer', 'Behind the body. A name is a symbol.'),
];

const settled: Field = {
	key: 'settled',
	label: 'Settled',
	type: 'boolean',
	default: false,
	help: 'Sent without waiting for an outcome; the receipt says only that it was handed over.',
	advanced: true,
};

export const sendFields: readonly Field[] = [
	...common,
	text('replyTo', 'Reply to', { help: 'Address for answers.' }),
	settled,
];

export const requestFields: readonly Field[] = [
	answerTimeout,
	...common,
	text('replyTo', 'Reply to', {
		placeholder: 'made by the server',
		help: 'An address that exists, for servers that make none. Answers are received from it while the request waits; other messages there wait meanwhile, and then go back.',
	}),
];
