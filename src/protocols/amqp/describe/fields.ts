import type { Field, FieldGroup } from '../../../model/profile/field';
import { limits, tls } from '../../shared/fields';
import { headerHelp } from './header-values';

const login: FieldGroup = {
	title: 'Authentication',
	fields: [
		{
			key: 'mechanism',
			label: 'Mechanism',
			type: 'choice',
			default: 'auto',
			choices: [
				{ value: 'auto', label: 'user name and password (PLAIN)' },
				{
					value: 'EXTERNAL',
					label: 'client certificate (EXTERNAL)',
					help: 'The server takes the user from the certificate.',
				},
			],
		},
		{
			key: 'username',
			label: 'User name',
			type: 'text',
			maxBytes: 255,
			placeholder: 'guest',
			help: 'Empty: "guest", with the password "guest" unless one is set.',
			when: { key: 'mechanism', is: ['auto'] },
		},
		{ key: 'password', label: 'Password', type: 'secret', when: { key: 'mechanism', is: ['auto'] } },
	],
};

const server: FieldGroup = {
	title: 'Server',
	help: 'The path of the URL names the virtual host: none for "/", "/orders" for "orders"; write "%2F" for a "/" in it.',
	fields: [
		{
			key: 'nodes',
			label: 'Other nodes of the cluster',
			type: 'list',
			help: 'host or host:port, tried in this order when the one in the URL is gone. They are given the same user and password.',
			risk: { text: 'hands the user name and password to these servers, too', when: { otherServerExcept: [] } },
		},
		{
			key: 'heartbeat',
			label: 'Heartbeat',
			type: 'number',
			integer: true,
			min: 1,
			max: 60,
			unit: 's',
			default: 10,
			help: 'A server that is silent for one and a half of these is taken for dead. At most 10 s are agreed, so that it shows within 15 s.',
			advanced: true,
		},
		{
			key: 'connectionName',
			label: 'Connection name',
			type: 'text',
			maxBytes: 255,
			placeholder: 'Messaging Workbench',
			help: 'What the server lists the connection by.',
			advanced: true,
		},
		{
			key: 'reconnect',
			label: 'Connect again by itself when the connection is lost',
			help: 'With growing pauses up to 30 s, and never after a refused login.',
			type: 'boolean',
			default: true,
			advanced: true,
		},
	],
};

const browsing: FieldGroup = {
	title: 'Exchanges and queues',
	help: 'Listed through the management HTTP API where the user may use it.',
	fields: [
		{
			key: 'management.url',
			label: 'Management API',
			type: 'text',
			maxBytes: 1000,
			placeholder: 'http://host:15672, or https://host:15671 with amqps',
			help: 'Given the same user and password as the server. "none": never asked.',
			risk: { text: 'hands the user name and password to this address, too', when: { otherServerExcept: ['none'] } },
			advanced: true,
		},
		{
			key: 'exchanges',
			label: 'Exchanges to list',
			type: 'list',
			help: 'Where there is no management API.',
		},
		{ key: 'queues', label: 'Queues to list', type: 'list', help: 'Where there is no management API.' },
		{
			key: 'tapPrefix',
			label: 'Name of tap queues',
			type: 'text',
			maxBytes: 100,
			placeholder: 'chosen by the server (amq.gen-…)',
			help: 'What the names of taps’ queues start with, for users that may use only queues with certain names.',
			advanced: true,
		},
	],
};

export const profileFields: readonly FieldGroup[] = [login, tls, server, browsing, limits];

export const tapFields: readonly Field[] = [
	{
		key: 'match',
		label: 'Headers to match',
		type: 'pairs',
		help: `For a headers exchange. ${headerHelp}`,
		advanced: true,
	},
	{
		key: 'matchAny',
		label: 'Any of the headers is enough',
		type: 'boolean',
		default: false,
		advanced: true,
	},
];

export const consumeFields: readonly Field[] = [
	{
		key: 'prefetch',
		label: 'Prefetch',
		type: 'number',
		integer: true,
		min: 1,
		max: 65_535,
		default: 100,
		help: 'Messages that may be on the way here without being acknowledged.',
	},
	{
		key: 'offset',
		label: 'Start of a stream',
		type: 'text',
		maxBytes: 255,
		suggest: ['first', 'last', 'next'],
		placeholder: 'next',
		help: 'Where to begin to read a stream, which keeps its messages: first, last, next, an offset such as 100, a time such as 2026-01-31T12:00:00Z, or an interval such as 1h. Only streams have it.',
		advanced: true,
	},
	{
		key: 'arguments',
		label: 'Arguments of the consumer',
		type: 'pairs',
		help: `Such as x-priority or x-stream-filter. ${headerHelp}`,
		advanced: true,
	},
];

const shortText = (key: string, label: string, more: Partial<Extract<Field, { type: 'text' }>> = {}): Field => ({
	key,
	label,
	type: 'text',
	maxBytes: 255,
	advanced: true,
	...more,
});

const replyTo = shortText('replyTo', 'Reply to', { help: 'The queue that answers go to.' });

const common: readonly Field[] = [
	shortText('contentType', 'Content type', {
		suggest: ['application/json', 'text/plain', 'application/octet-stream'],
		advanced: false,
	}),
	{ key: 'headers', label: 'Headers', type: 'pairs', help: headerHelp },
	{
		key: 'persistent',
		label: 'Persistent',
		type: 'boolean',
		default: true,
		help: 'Kept on disk where the queue is durable (delivery mode 2).',
	},
	shortText('correlationId', 'Correlation ID'),
	shortText('messageId', 'Message ID'),
	shortText('expiration', 'Expiration', {
		pattern: '^\\d+$',
		help: 'Milliseconds after which the queue drops it or dead-letters it.',
	}),
	{ key: 'priority', label: 'Priority', type: 'number', integer: true, min: 0, max: 255, advanced: true },
	shortText('type', 'Type'),
	shortText('appId', 'App ID'),
	shortText('userId', 'User ID', { help: 'The server refuses any but the one that is signed in.' }),
	shortText('contentEncoding', 'Content encoding', { suggest: ['gzip', 'deflate', 'utf-8'] }),
	shortText('timestamp', 'Timestamp', {
		placeholder: '2026-01-31T12:00:00Z',
		help: 'A time, or seconds since 1970.',
	}),
];

export const publishFields: readonly Field[] = [...common, replyTo];

export const requestFields: readonly Field[] = [
	{
		key: 'timeout',
		label: 'Wait for the answer',
		type: 'number',
		min: 1,
		max: 25,
		unit: 's',
		default: 10,
	},
	...common,
];
