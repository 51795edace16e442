import type { Field, FieldGroup } from '../../../model/profile/field';
import { history, limits, otherServers, pingInterval, reconnect, tls } from '../../shared/fields';
import { headerHelp } from './header-values';
import { endHelp, startHelp } from './positions';

const login: FieldGroup = {
	title: 'Authentication',
	help: 'A client signs in to every broker of the cluster with these credentials.',
	fields: [
		{
			key: 'mechanism',
			label: 'Mechanism',
			type: 'choice',
			default: 'auto',
			choices: [
				{ value: 'auto', label: 'PLAIN with a user name, none without' },
				{ value: 'PLAIN', label: 'PLAIN' },
				{ value: 'SCRAM-SHA-256', label: 'SCRAM-SHA-256' },
				{ value: 'SCRAM-SHA-512', label: 'SCRAM-SHA-512' },
				{ value: 'OAUTHBEARER', label: 'OAUTHBEARER (token)' },
				{ value: 'none', label: 'None', help: 'No SASL. A client certificate may still identify this client.' },
			],
		},
		{
			key: 'username',
			label: 'User name',
			type: 'text',
			placeholder: 'User name, or API key of a cloud service',
			when: { key: 'mechanism', is: ['auto', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] },
		},
		{
			key: 'password',
			label: 'Password',
			type: 'secret',
			when: { key: 'mechanism', is: ['auto', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] },
		},
		{
			key: 'token',
			label: 'Token',
			type: 'secret',
			help: 'An access token, usually a JWT. It is not renewed.',
			when: { key: 'mechanism', is: ['OAUTHBEARER'] },
		},
		{
			key: 'extensions',
			label: 'SASL extensions',
			type: 'pairs',
			help: 'Such as logicalCluster and identityPoolId.',
			when: { key: 'mechanism', is: ['OAUTHBEARER'] },
			advanced: true,
		},
	],
};

const cluster: FieldGroup = {
	title: 'Cluster',
	fields: [
		{
			key: 'brokers',
			label: 'Further bootstrap brokers',
			type: 'list',
			placeholder: 'kafka-2:9092',
			help: 'host or host:port, tried in this order when the one in the URL is not available.',
			risk: otherServers,
		},
		{
			key: 'hosts',
			label: 'Addresses of brokers',
			type: 'pairs',
			help: 'For a cluster that names its brokers by addresses that this machine cannot reach, such as one in containers: kafka:9092 and, instead, 127.0.0.1:19092. The certificate must be valid for the address on the right, or for "Server name".',
			risk: {
				text: 'sends the user name and password to these addresses in place of the brokers',
				when: { except: [] },
			},
		},
		{
			key: 'clientId',
			label: 'Client ID',
			type: 'text',
			maxBytes: 200,
			placeholder: 'messaging-workbench-…',
			help: 'Shown in the logs and quotas of the brokers.',
			advanced: true,
		},
		reconnect,
		pingInterval,
	],
};

export const profileFields: readonly FieldGroup[] = [login, tls, cluster, limits, history];

const isolation: Field = {
	key: 'isolation',
	label: 'Isolation',
	type: 'choice',
	default: 'read_committed',
	choices: [
		{ value: 'read_committed', label: 'Only committed transactions (read_committed)' },
		{
			value: 'read_uncommitted',
			label: 'Everything (read_uncommitted)',
			help: 'Open and aborted transactions as well.',
		},
	],
	advanced: true,
};

export const readFields: readonly Field[] = [
	{
		key: 'from',
		label: 'From',
		type: 'text',
		default: '-100',
		maxBytes: 60,
		suggest: ['-100', 'earliest', 'latest', '1h'],
		help: startHelp,
	},
	{ key: 'until', label: 'Until', type: 'text', maxBytes: 60, suggest: ['end'], help: endHelp },
	{
		key: 'limit',
		label: 'At most',
		type: 'number',
		integer: true,
		...{ min: 1, max: 1_000_000_000 },
		unit: 'messages',
		help: 'Reading ends after this number of messages.',
		advanced: true,
	},
	{
		key: 'partitions',
		label: 'Partitions',
		type: 'text',
		maxBytes: 1000,
		placeholder: 'all',
		help: 'Such as 0 or 0, 2-4.',
		advanced: true,
	},
	isolation,
];

export const groupFields: readonly Field[] = [
	{
		key: 'group',
		label: 'Consumer group',
		type: 'text',
		required: true,
		maxBytes: 249,
		placeholder: 'my-service-debug',
		help: 'This connection becomes a member: the group’s partitions are divided anew, and its offsets move.',
	},
	{
		key: 'initial',
		label: 'Without a committed offset',
		type: 'choice',
		default: 'latest',
		choices: [
			{ value: 'latest', label: 'Begin with new messages (latest)' },
			{ value: 'earliest', label: 'Begin with the first message (earliest)' },
		],
	},
	isolation,
];

export const compression: Field = {
	key: 'compression',
	label: 'Compression',
	type: 'choice',
	default: 'none',
	choices: ['none', 'gzip', 'snappy', 'lz4', 'zstd'].map((value) => ({ value, label: value })),
	advanced: true,
};

export const produceFields: readonly Field[] = [
	{
		key: 'key',
		label: 'Key',
		type: 'bytes',
		help: 'Messages with the same key go to the same partition. Empty: no key.',
	},
	{ key: 'headers', label: 'Headers', type: 'pairs', help: headerHelp },
	{
		key: 'partition',
		label: 'Partition',
		type: 'number',
		integer: true,
		...{ min: 0, max: 2 ** 31 - 1 },
		help: 'Chosen by the key if empty (murmur2, as in the Java client), at random without a key.',
	},
	{
		key: 'tombstone',
		label: 'Tombstone',
		type: 'boolean',
		default: false,
		help: 'The value is null, which deletes the key from a compacted topic. The payload must be empty.',
		advanced: true,
	},
	{
		key: 'timestamp',
		label: 'Timestamp',
		type: 'text',
		maxBytes: 40,
		placeholder: 'now',
		help: 'A time such as 2026-01-31T12:00:00Z, or milliseconds since 1970.',
		advanced: true,
	},
	{
		key: 'acks',
		label: 'Acknowledged by',
		type: 'choice',
		default: 'all',
		choices: [
			{ value: 'all', label: 'All replicas in sync (all)' },
			{ value: '1', label: 'The leader (1)' },
			{ value: '0', label: 'None (0)', help: 'The broker does not answer, so nothing is proven.' },
		],
		advanced: true,
	},
	compression,
];
