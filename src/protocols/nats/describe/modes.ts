import type { Field } from '../../../model/profile/field';
import type { Subscription } from '../../../model/profile/profile';
import type { Mode } from '../../description';
import { sequence } from './fields/message-fields';
import type { NatsMode } from './ids';
import { checkFilter, checkName, consumerOf } from './subjects';

/** Messages that are read at most. */
const maxCount = 1_000_000_000;

const atMost: Field = {
	key: 'count',
	label: 'At most',
	type: 'number',
	integer: true,
	min: 1,
	max: maxCount,
	default: 100,
	help: 'Reading stops after so many of the messages that are there.',
};

const follow: Field = {
	key: 'follow',
	label: 'Follow new messages',
	type: 'boolean',
	default: true,
	help: 'Looks for new messages twice a second.',
};

const readFields: readonly Field[] = [
	{
		key: 'from',
		label: 'Start with',
		type: 'choice',
		default: 'newest',
		choices: [
			{ value: 'newest', label: 'the newest messages' },
			{ value: 'first', label: 'the first message' },
			{ value: 'sequence', label: 'a sequence' },
			{ value: 'time', label: 'a time' },
			{ value: 'last', label: 'the last message of each subject' },
			{ value: 'new', label: 'messages that arrive from now on' },
		],
	},
	{ ...sequence('sequence', 'Sequence'), when: { key: 'from', is: ['sequence'] } },
	{
		key: 'time',
		label: 'Time',
		type: 'text',
		placeholder: '2026-01-31T12:00:00Z',
		when: { key: 'from', is: ['time'] },
	},
	{
		key: 'filter',
		label: 'Subject',
		type: 'text',
		placeholder: '>',
		help: 'Only messages of this subject; * and > are wildcards.',
	},
	atMost,
	follow,
];

/** Ways to receive. */
export const modes: readonly Mode<NatsMode>[] = [
	{
		id: 'subscribe',
		label: 'Subscribe',
		icon: 'eye',
		placeholder: 'orders.*.created',
		sideEffect: 'The server sends copies to this client from now on. Nothing changes for other clients.',
		fields: [
			{
				key: 'internal',
				label: 'Show internal subjects',
				type: 'boolean',
				default: false,
				help: 'A wildcard at the start leaves out subjects that begin with "$" or "_INBOX", such as those of JetStream.',
				advanced: true,
			},
		],
	},
	{
		id: 'stream',
		label: 'Read Stream',
		icon: 'book',
		targetLabel: 'Stream',
		placeholder: 'ORDERS',
		form: true,
		sideEffect: 'Reads messages by their sequence. Nothing is removed, and no consumer is created.',
		fields: readFields,
		readsAll: { from: 'first', count: maxCount, follow: false },
	},
	{
		id: 'kv',
		label: 'Watch Bucket',
		icon: 'key',
		targetLabel: 'Key-value bucket',
		placeholder: 'settings',
		form: true,
		sideEffect: 'Reads values and follows changes. Nothing is changed, and no consumer is created.',
		fields: [
			{ key: 'key', label: 'Key', type: 'text', placeholder: '>', help: 'A key, or keys with the wildcards * and >.' },
			{
				key: 'history',
				label: 'Start with',
				type: 'choice',
				default: 'last',
				choices: [
					{ value: 'last', label: 'the value of each key' },
					{ value: 'all', label: 'the history of each key', help: 'As many revisions as the bucket keeps.' },
					{ value: 'new', label: 'changes from now on' },
				],
			},
			atMost,
			follow,
		],
	},
	{
		id: 'queue',
		label: 'Join Queue Group',
		stop: 'Leave Queue Group',
		icon: 'organization',
		placeholder: 'jobs.>',
		form: true,
		intrusive: true,
		sideEffect: 'Takes a share of the messages away from the other members of the group.',
		fields: [{ key: 'queue', label: 'Queue group', type: 'text', required: true, placeholder: 'workers' }],
	},
	{
		id: 'consume',
		label: 'Consume',
		icon: 'inbox',
		targetLabel: 'Stream and consumer',
		placeholder: 'ORDERS/worker',
		form: true,
		intrusive: true,
		sideEffect: 'Takes messages from a consumer; its other clients will not receive them.',
		fields: [
			{
				key: 'settle',
				label: 'Acknowledge',
				type: 'choice',
				default: 'manual',
				choices: [
					{ value: 'manual', label: 'each message by hand', help: 'Those without an outcome are delivered again.' },
					{ value: 'ack', label: 'every message as soon as it is in the log' },
				],
			},
			{
				key: 'batch',
				label: 'Batch size',
				type: 'number',
				integer: true,
				min: 1,
				max: 1000,
				default: 10,
				help: 'Messages that may wait here for an outcome.',
			},
		],
	},
];

/** One sentence that says what is wrong with the target of a subscription, or undefined. */
export function checkTarget(target: string, mode?: string): string | undefined {
	if (mode === 'stream') return checkName(target, 'stream');
	if (mode === 'kv') return checkName(target, 'bucket');
	if (mode !== 'consume') return checkFilter(target);
	return consumerOf(target) ? undefined : 'Enter the stream and its consumer, such as ORDERS/worker.';
}

/** The field that belongs to the identity besides target and mode, by mode. */
const identified: Readonly<Record<string, string>> = { queue: 'queue', stream: 'filter', kv: 'key' };

/** Several queue groups may have the same subject, and several parts of a stream may be read. */
export function identity(subscription: Subscription): string {
	const { target, mode = 'subscribe' } = subscription;
	const value = subscription[identified[mode] ?? ''] ?? '';
	return JSON.stringify(value === '' ? [target, mode] : [target, mode, value]);
}
