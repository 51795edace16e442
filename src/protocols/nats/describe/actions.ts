import type { Field } from '../../../model/profile/field';
import type { Action } from '../../description';
import { bucketFields, consumerFields, editFields, storeFields, streamConfigFields } from './fields/config-fields';
import { sequence } from './fields/message-fields';
import { natsFlag } from './flags';
import type { NatsAction } from './ids';

const stored = (flags: number) => (flags & (natsFlag.stored | natsFlag.consumed)) !== 0;

const key: Field = { key: 'key', label: 'Key', type: 'text', required: true, placeholder: 'lamp.brightness' };
const value: Field = { key: 'value', label: 'Value', type: 'bytes' };
const named = (label: string, placeholder: string): Field => ({
	...{ key: 'name', label, type: 'text', required: true, placeholder },
});

/** The actions besides receiving and sending. */
export const actions: readonly Action<NatsAction, Uint8Array>[] = [
	{
		id: 'ack',
		label: 'Acknowledge',
		icon: 'check',
		on: { messages: 'many' },
		settles: true,
		sideEffect: 'The consumer counts the messages as processed and does not deliver them again.',
	},
	{
		id: 'nak',
		label: 'Deliver Again…',
		icon: 'debug-restart',
		on: { messages: 'many' },
		settles: true,
		sideEffect: 'The consumer delivers the messages again, to any of its clients (NAK).',
		fields: [
			{ key: 'delay', label: 'After', type: 'number', min: 0, max: 86_400, unit: 's', default: 0, help: '0: at once.' },
		],
	},
	{
		id: 'progress',
		label: 'Extend Time to Acknowledge',
		icon: 'watch',
		on: { messages: 'many' },
		settles: true,
		sideEffect: 'The consumer waits longer before it delivers the messages again (in progress).',
	},
	{
		id: 'term',
		label: 'Reject for Good…',
		icon: 'circle-slash',
		group: 'remove',
		on: { messages: 'many' },
		settles: true,
		sideEffect: 'The consumer never delivers the messages again (TERM). They stay in a stream that keeps its messages.',
	},
	{
		id: 'delete-stored',
		label: 'Delete from Stream…',
		icon: 'trash',
		group: 'remove',
		on: { messages: 'many' },
		fits: stored,
		sideEffect: 'Deletes the messages from their streams for good.',
	},
	{
		id: 'create-stream',
		label: 'Create Stream…',
		icon: 'add',
		on: { nodes: ['folder'], connection: true },
		sideEffect: 'Creates a stream, which stores the messages of its subjects from now on.',
		fields: streamConfigFields,
	},
	{
		id: 'create-bucket',
		label: 'Create Key-Value Bucket…',
		icon: 'add',
		on: { nodes: ['folder'], connection: true },
		sideEffect: 'Creates a bucket.',
		fields: bucketFields,
	},
	{
		id: 'create-store',
		label: 'Create Object Store…',
		icon: 'add',
		on: { nodes: ['folder'], connection: true },
		sideEffect: 'Creates an object store.',
		fields: storeFields,
	},
	{
		id: 'create-consumer',
		label: 'Create Consumer…',
		icon: 'add',
		on: { nodes: ['stream'] },
		sideEffect: 'Creates a durable pull consumer, which keeps its place in the stream.',
		fields: consumerFields,
	},
	{
		id: 'edit-stream',
		label: 'Edit Stream…',
		icon: 'edit',
		on: { nodes: ['stream'] },
		sideEffect: 'Changes the stream. Tighter limits delete its oldest messages.',
		fields: editFields,
	},
	{
		id: 'kv-put',
		label: 'Put Value…',
		icon: 'add',
		on: { nodes: ['bucket', 'key'] },
		sideEffect: 'Writes a revision of the key.',
		fields: [
			{ ...key, required: false, help: 'On a key: leave empty for this one.' },
			value,
			sequence('revision', 'Expected revision', {
				help: 'Refused unless this is the last revision of the key.',
				advanced: true,
			}),
		],
	},
	{
		id: 'kv-create',
		label: 'Create Key…',
		icon: 'key',
		on: { nodes: ['bucket'] },
		sideEffect: 'Writes the first revision of the key. Refused if the key has a value.',
		fields: [key, value],
	},
	{
		id: 'object-get',
		label: 'Read Object',
		icon: 'cloud-download',
		group: 'read',
		on: { nodes: ['object'] },
	},
	{
		id: 'object-put',
		label: 'Put Object…',
		icon: 'cloud-upload',
		on: { nodes: ['store'] },
		sideEffect: 'Writes an object; one with the same name is replaced.',
		fields: [
			named('Name', 'report.pdf'),
			{ key: 'content', label: 'Content', type: 'bytes' },
			{ key: 'description', label: 'Description', type: 'text', advanced: true },
		],
	},
	{
		id: 'purge',
		label: 'Purge…',
		icon: 'clear-all',
		group: 'remove',
		on: { nodes: ['stream', 'subject'] },
		sideEffect: 'Deletes messages of the stream for good.',
		fields: [
			{
				key: 'subject',
				label: 'Subject',
				type: 'text',
				placeholder: '>',
				help: 'Only messages of this subject; * and > are wildcards.',
			},
			{
				key: 'keep',
				label: 'Keep the newest',
				type: 'text',
				pattern: '\\d{1,20}',
				help: 'Number of messages that stay. Not together with a sequence.',
			},
			sequence('sequence', 'Only before sequence', { help: 'Messages from this sequence on stay.' }),
		],
	},
	{
		id: 'delete-message',
		label: 'Delete Message…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['stream'] },
		sideEffect: 'Deletes one message of the stream for good.',
		fields: [{ ...sequence('sequence', 'Sequence'), required: true }],
	},
	{
		id: 'kv-delete',
		label: 'Delete Key…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['key'] },
		sideEffect: 'Marks the key as deleted. The bucket keeps its history.',
	},
	{
		id: 'kv-purge',
		label: 'Purge Key…',
		icon: 'clear-all',
		group: 'remove',
		on: { nodes: ['key'] },
		sideEffect: 'Marks the key as deleted and removes its history.',
	},
	{
		id: 'object-delete',
		label: 'Delete Object…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['object'] },
		sideEffect: 'Deletes the object for good.',
	},
	{
		id: 'delete-consumer',
		label: 'Delete Consumer…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['consumer'] },
		sideEffect: 'Deletes the consumer with its place in the stream.',
	},
	{
		id: 'delete-stream',
		label: 'Delete Stream…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['stream'] },
		sideEffect: 'Deletes the stream with all of its messages and consumers.',
	},
	{
		id: 'delete-bucket',
		label: 'Delete Bucket…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['bucket'] },
		sideEffect: 'Deletes the bucket with all of its keys.',
	},
	{
		id: 'delete-store',
		label: 'Delete Object Store…',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['store'] },
		sideEffect: 'Deletes the object store with all of its objects.',
	},
];
