import type { Choice, Field } from '../../../../model/profile/field';

const name = (placeholder: string): Field => ({
	...{ key: 'name', label: 'Name', type: 'text', required: true, placeholder },
});

const digits = (key: string, label: string, help: string, more: { advanced?: boolean } = {}): Field => ({
	...{ key, label, type: 'text', pattern: '\\d{1,19}', placeholder: 'no limit', help },
	...more,
});

const choice = (key: string, label: string, choices: readonly Choice[], advanced = true): Field => ({
	...{ key, label, type: 'choice', choices, default: choices[0]?.value ?? '', advanced },
});

const storage = choice('storage', 'Storage', [
	{ value: 'file', label: 'files' },
	{ value: 'memory', label: 'memory' },
]);

const replicas: Field = {
	...{ key: 'replicas', label: 'Replicas', type: 'number', integer: true, min: 1, max: 5, default: 1, advanced: true },
};

/** In seconds, as a text so that it can be empty. */
const age = (advanced = false): Field =>
	digits('maxAge', 'Keep for', 'Seconds after which messages are deleted.', { advanced });

const maxBytes = digits('maxBytes', 'At most bytes', 'The oldest messages are deleted when there would be more.', {
	advanced: true,
});

const limitFields: readonly Field[] = [
	digits('maxMessages', 'At most messages', 'The oldest messages are deleted when there would be more.'),
	age(),
	maxBytes,
	digits('maxPerSubject', 'At most messages per subject', 'The oldest of the subject are deleted.', { advanced: true }),
	digits('maxMessageSize', 'Largest message', 'In bytes; larger ones are refused.', { advanced: true }),
];

export const streamConfigFields: readonly Field[] = [
	name('ORDERS'),
	{ key: 'subjects', label: 'Subjects', type: 'list', help: 'Stored by the stream, such as "orders.>".' },
	choice(
		'retention',
		'Keep messages',
		[
			{ value: 'limits', label: 'until a limit is reached' },
			{ value: 'interest', label: 'until all consumers have acknowledged them' },
			{ value: 'workqueue', label: 'until a consumer has acknowledged them (work queue)' },
		],
		false,
	),
	...limitFields,
	choice('discard', 'At a limit', [
		{ value: 'old', label: 'delete the oldest message' },
		{ value: 'new', label: 'refuse the new message' },
	]),
	storage,
	replicas,
	{
		key: 'direct',
		label: 'Direct access',
		type: 'boolean',
		default: true,
		help: 'Every server of the stream answers when messages are read by their sequence.',
		advanced: true,
	},
	{ key: 'description', label: 'Description', type: 'text', advanced: true },
];

/** Empty fields leave the value as it is. */
export const editFields: readonly Field[] = [
	{ key: 'subjects', label: 'Subjects', type: 'list', help: 'Replaces all subjects; empty: unchanged.' },
	...limitFields.map((field): Field => ({ ...field, placeholder: 'unchanged' })),
	{
		key: 'config',
		label: 'Further settings',
		type: 'multiline',
		placeholder: '{ "description": "…" }',
		help: 'Members of the configuration as JSON, as in JetStream’s API.',
		advanced: true,
	},
];

export const consumerFields: readonly Field[] = [
	name('worker'),
	{ key: 'filter', label: 'Subject', type: 'text', placeholder: '>', help: 'Only messages of this subject.' },
	choice(
		'deliver',
		'Start with',
		[
			{ value: 'all', label: 'the first message' },
			{ value: 'new', label: 'messages that arrive from now on' },
			{ value: 'last', label: 'the last message' },
			{ value: 'last_per_subject', label: 'the last message of each subject' },
		],
		false,
	),
	choice(
		'ack',
		'Acknowledgement',
		[
			{ value: 'explicit', label: 'each message' },
			{ value: 'all', label: 'each with all before it' },
			{ value: 'none', label: 'none' },
		],
		false,
	),
	{ key: 'ackWait', label: 'Deliver again after', type: 'number', min: 1, max: 86_400, unit: 's', default: 30 },
	digits('maxDeliver', 'Deliveries at most', 'A message is not delivered more often than this.', { advanced: true }),
];

export const bucketFields: readonly Field[] = [
	name('settings'),
	{
		...{ key: 'history', label: 'Revisions per key', type: 'number', integer: true, min: 1, max: 64, default: 1 },
	},
	age(),
	maxBytes,
	storage,
	replicas,
	{ key: 'description', label: 'Description', type: 'text', advanced: true },
];

export const storeFields: readonly Field[] = [
	name('files'),
	age(),
	maxBytes,
	storage,
	replicas,
	{ key: 'description', label: 'Description', type: 'text', advanced: true },
];
