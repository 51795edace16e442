import type { Field } from '../../../model/profile/field';
import type { Action } from '../../description';
import { compression } from './fields';
import type { KafkaAction } from './ids';

/** Properties of a topic that are changed most, for suggestions. */
const properties = [
	'retention.ms',
	'retention.bytes',
	'cleanup.policy',
	'max.message.bytes',
	'min.insync.replicas',
	'message.timestamp.type',
	'compression.type',
	'delete.retention.ms',
	'segment.ms',
];

const partitions: Field = {
	key: 'partitions',
	label: 'Partitions',
	type: 'text',
	maxBytes: 1000,
	placeholder: 'all',
	help: 'Such as 0 or 0, 2-4; empty for all.',
};

const topics: Field = {
	key: 'topics',
	label: 'Topics',
	type: 'text',
	maxBytes: 10_000,
	placeholder: 'all topics with committed offsets',
	help: 'Separated by commas; empty for all topics of which the group has committed offsets.',
};

/** Actions on topics, consumer groups and the cluster, besides reading and producing. */
export const actions: readonly Action<KafkaAction>[] = [
	{
		id: 'show-configuration',
		label: 'Show Configuration',
		icon: 'settings',
		group: 'read',
		on: { nodes: ['topic', 'internal-topic', 'broker', 'controller'] },
	},
	{
		id: 'create-topic',
		label: 'Create Topic…',
		icon: 'add',
		on: { nodes: ['topics'], connection: true },
		sideEffect: 'The topic exists for all clients from then on.',
		fields: [
			{ key: 'name', label: 'Name', type: 'text', required: true, maxBytes: 249, placeholder: 'orders' },
			{
				key: 'partitions',
				label: 'Partitions',
				type: 'number',
				integer: true,
				...{ min: 1, max: 100_000 },
				help: 'Empty for the default of the cluster. They can be increased later, but not reduced.',
			},
			{
				key: 'replicas',
				label: 'Replicas of each partition',
				type: 'number',
				integer: true,
				...{ min: 1, max: 1000 },
				help: 'Empty for the default of the cluster.',
			},
			{
				key: 'configuration',
				label: 'Configuration',
				type: 'pairs',
				help: 'Such as cleanup.policy=compact.',
			},
		],
	},
	{
		id: 'produce-file',
		label: 'Produce from File…',
		icon: 'cloud-upload',
		on: { nodes: ['topic', 'partition'] },
		sideEffect: 'Each message of the file is appended to the topic.',
		fields: [
			{ key: 'file', label: 'File', type: 'file', required: true },
			{
				key: 'format',
				label: 'Format',
				type: 'choice',
				default: 'lines',
				choices: [
					{ value: 'lines', label: 'Lines', help: 'Each line is the value of a message.' },
					{
						value: 'keys',
						label: 'Lines with keys',
						help: 'Each line is key, separator and value.',
					},
					{
						value: 'json',
						label: 'JSON Lines',
						help: 'Each line is an object with value (or payload), key, headers, partition and timestamp, as the command line and kcat -J write them.',
					},
				],
			},
			{
				key: 'separator',
				label: 'Separator of key and value',
				type: 'text',
				default: ':',
				maxBytes: 20,
				help: '\\t for a tab.',
				when: { key: 'format', is: ['keys'] },
			},
			compression,
		],
	},
	{
		id: 'change-configuration',
		label: 'Change Configuration…',
		icon: 'settings-gear',
		on: { nodes: ['topic'] },
		sideEffect: 'The brokers apply it at once.',
		fields: [
			{
				key: 'property',
				label: 'Property',
				type: 'text',
				required: true,
				maxBytes: 200,
				placeholder: 'retention.ms',
				suggest: properties,
			},
			{
				key: 'value',
				label: 'Value',
				type: 'text',
				maxBytes: 10_000,
				help: 'Empty to return to the default of the cluster.',
			},
		],
	},
	{
		id: 'add-partitions',
		label: 'Add Partitions…',
		icon: 'split-horizontal',
		on: { nodes: ['topic'] },
		sideEffect: 'Keys are mapped to other partitions from then on. Partitions cannot be removed.',
		fields: [
			{
				key: 'count',
				label: 'Partitions afterwards',
				type: 'number',
				integer: true,
				required: true,
				...{ min: 2, max: 100_000 },
			},
		],
	},
	{
		id: 'reset-offsets',
		label: 'Reset Offsets…',
		icon: 'debug-restart',
		on: { nodes: ['group'] },
		sideEffect: 'The members of the group continue from the new offsets when they start again.',
		fields: [
			topics,
			partitions,
			{
				key: 'to',
				label: 'To',
				type: 'choice',
				default: 'earliest',
				choices: [
					{ value: 'earliest', label: 'Earliest', help: 'All messages that are kept are read again.' },
					{ value: 'latest', label: 'Latest', help: 'Messages that are there now are skipped.' },
					{ value: 'time', label: 'Time', help: 'The first message from then on.' },
					{ value: 'offset', label: 'Offset', help: 'The same in each partition.' },
					{ value: 'shift', label: 'Shift', help: 'Forward or back by a number of messages.' },
				],
			},
			{
				key: 'value',
				label: 'Time, offset or shift',
				type: 'text',
				required: true,
				maxBytes: 60,
				placeholder: '2026-01-31T12:00:00Z, 1h, 1042, -100 or 100',
				help: 'A time such as 2026-01-31T12:00:00Z, an age such as 1h, an offset such as 1042, or a shift such as -100.',
				when: { key: 'to', is: ['time', 'offset', 'shift'] },
			},
		],
	},
	{
		id: 'delete-records',
		label: 'Delete Messages…',
		icon: 'clear-all',
		group: 'remove',
		on: { nodes: ['topic', 'partition'] },
		sideEffect: 'Messages before an offset are deleted for all consumers.',
		fields: [
			{
				key: 'before',
				label: 'Before',
				type: 'text',
				default: 'end',
				required: true,
				maxBytes: 60,
				suggest: ['end', '1d'],
				help: 'end for all messages that are there now, an offset, a time such as 2026-01-31T12:00:00Z, or an age such as 7d.',
			},
		],
	},
	{
		id: 'delete-topic',
		label: 'Delete Topic…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['topic'] },
		sideEffect: 'The topic and its messages are deleted for good.',
	},
	{
		id: 'delete-offsets',
		label: 'Delete Offsets…',
		group: 'remove',
		on: { nodes: ['group'] },
		sideEffect: 'The group forgets how far it has read, and begins where its consumers are configured to begin.',
		fields: [topics, partitions],
	},
	{
		id: 'delete-group',
		label: 'Delete Group…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['group'] },
		sideEffect: 'The group and its committed offsets are deleted for good.',
	},
];
