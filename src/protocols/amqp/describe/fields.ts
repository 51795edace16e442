import type { Field, FieldGroup } from '../../../model/profile/field';
import { answerTimeout, history, limits, otherServers, reconnect, tls } from '../../shared/fields';
import { flag, shortText, whole } from './field-kinds';
import { headerHelp } from './headers/header-values';

const login: FieldGroup = {
	title: 'Authentication',
	fields: [
		{
			key: 'mechanism',
			label: 'Mechanism',
			type: 'choice',
			default: 'auto',
			choices: [
				{ value: 'auto', label: 'User name and password (PLAIN)' },
				{
					value: 'EXTERNAL',
					label: 'Client certificate (EXTERNAL)',
					help: 'The server reads the user from the certificate.',
				},
			],
		},
		{
			key: 'username',
			label: 'User name',
			type: 'text',
			maxBytes: 255,
			placeholder: 'guest',
			help: 'If empty, "guest" with the password "guest" unless one is set.',
			when: { key: 'mechanism', is: ['auto'] },
		},
		{ key: 'password', label: 'Password', type: 'secret', when: { key: 'mechanism', is: ['auto'] } },
	],
};

const server: FieldGroup = {
	title: 'Server',
	help: 'The path of the URL names the virtual host: no path for "/", "/orders" for "orders"; write "%2F" for a "/" in the name.',
	fields: [
		{
			key: 'nodes',
			label: 'Other nodes of the cluster',
			type: 'list',
			help: 'host or host:port, tried in this order when the node in the URL is not available. They receive the same user name and password.',
			risk: otherServers,
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
			help: 'A server that is silent for one and a half intervals is considered dead. At most 10 s are agreed, so that this takes at most 15 s.',
			advanced: true,
		},
		{
			key: 'connectionName',
			label: 'Connection name',
			type: 'text',
			maxBytes: 255,
			placeholder: 'Messaging Workbench',
			help: 'Shown in the server’s list of connections.',
			advanced: true,
		},
		reconnect,
	],
};

const browsing: FieldGroup = {
	title: 'Exchanges and queues',
	help: 'Listed through the management HTTP API if the user has access to it.',
	fields: [
		{
			key: 'management.url',
			label: 'Management API',
			type: 'text',
			maxBytes: 1000,
			placeholder: 'http://host:15672, or https://host:15671 with amqps',
			help: 'Receives the same user name and password as the server. "none" disables it.',
			risk: { text: 'sends the user name and password to this address as well', when: { otherServerExcept: ['none'] } },
			advanced: true,
		},
		{
			key: 'exchanges',
			label: 'Exchanges to list',
			type: 'list',
			help: 'Used without the management API.',
		},
		{ key: 'queues', label: 'Queues to list', type: 'list', help: 'Used without the management API.' },
		{
			key: 'tapPrefix',
			label: 'Name of tap queues',
			type: 'text',
			maxBytes: 100,
			placeholder: 'chosen by the server (amq.gen-…)',
			help: 'Prefix for the names of tap queues, for users with permissions for certain queue names only.',
			advanced: true,
		},
	],
};

export const profileFields: readonly FieldGroup[] = [login, tls, server, browsing, limits, history];

export const tapFields: readonly Field[] = [
	{
		key: 'match',
		label: 'Headers to match',
		type: 'pairs',
		help: `For a headers exchange. ${headerHelp}`,
		advanced: true,
	},
	flag('matchAny', 'Match any header'),
];

const prefetch = whole('prefetch', 'Prefetch', {
	...{ min: 1, max: 65_535, default: 100 },
	help: 'Maximum number of unacknowledged messages that the server sends.',
});

const offset = {
	...{ suggest: ['first', 'last', 'next'], placeholder: 'next' },
	help: 'first, last, next, an offset such as 100, a time such as 2026-01-31T12:00:00Z, or an interval such as 1h.',
};

const consumerArguments: Field = {
	key: 'arguments',
	label: 'Consumer arguments',
	type: 'pairs',
	help: `Such as x-priority or x-stream-filter. ${headerHelp}`,
	advanced: true,
};

export const consumeFields: readonly Field[] = [
	prefetch,
	flag('noAck', 'Without acknowledgement', {
		help: 'The server forgets each message as soon as it is sent, so that those on their way are lost with the connection.',
	}),
	shortText('offset', 'Start of a stream', { ...offset, help: `For streams only: ${offset.help}` }),
	consumerArguments,
];

export const streamFields: readonly Field[] = [
	shortText('offset', 'Offset (x-stream-offset)', { ...offset, advanced: false }),
	prefetch,
	consumerArguments,
];

const replyTo = shortText('replyTo', 'Reply to', { help: 'Queue for answers.' });

const common: readonly Field[] = [
	shortText('contentType', 'Content type', {
		suggest: ['application/json', 'text/plain', 'application/octet-stream'],
		advanced: false,
	}),
	{ key: 'headers', label: 'Headers', type: 'pairs', help: headerHelp },
	flag('persistent', 'Persistent', {
		...{ default: true, advanced: false },
		help: 'Stored on disk if the queue is durable (delivery mode 2).',
	}),
	shortText('correlationId', 'Correlation ID'),
	shortText('messageId', 'Message ID'),
	shortText('expiration', 'Expiration', {
		pattern: '^\\d+$',
		help: 'Milliseconds after which the queue drops or dead-letters the message.',
	}),
	whole('priority', 'Priority', { min: 0, max: 255, advanced: true }),
	shortText('type', 'Type'),
	shortText('appId', 'App ID'),
	shortText('userId', 'User ID', { help: 'The server accepts only the user that is logged in.' }),
	shortText('contentEncoding', 'Content encoding', { suggest: ['gzip', 'deflate', 'utf-8'] }),
	shortText('timestamp', 'Timestamp', {
		placeholder: '2026-01-31T12:00:00Z',
		help: 'A time, or seconds since 1970.',
	}),
];

const confirm = flag('confirm', 'Confirm', {
	default: true,
	help: 'The server confirms the message (publisher confirms), or returns it if no queue is bound for it. Without, a message that no queue takes is lost silently.',
});

export const publishFields: readonly Field[] = [...common, replyTo, confirm];

export const requestFields: readonly Field[] = [answerTimeout, ...common];
