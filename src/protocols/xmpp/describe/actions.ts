import type { Field } from '../../../model/profile/field';
import type { Action } from '../../description';
import type { XmppAction } from './ids';

const count: readonly Field[] = [
	{ key: 'count', label: 'At most', type: 'number', integer: true, min: 1, max: 1000, default: 50 },
];

export const actions: readonly Action<XmppAction>[] = [
	{
		id: 'ping',
		label: 'Ping',
		icon: 'pulse',
		on: { nodes: ['contact', 'resource', 'occupant', 'room', 'joined', 'entity', 'service'] },
	},
	{ id: 'items', label: 'Load Items into the Log…', icon: 'history', on: { nodes: ['node'] }, fields: count },
	{
		id: 'archive',
		label: 'Load Archive into the Log…',
		icon: 'history',
		on: { nodes: ['contact', 'joined'], connection: true },
		fields: count,
	},
	{
		id: 'create-node',
		label: 'Create Node…',
		icon: 'add',
		on: { nodes: ['service'] },
		sideEffect: 'Creates a node that you own.',
		fields: [{ key: 'node', label: 'Name', type: 'text', required: true }],
	},
	{
		id: 'delete-node',
		label: 'Delete Node',
		icon: 'trash',
		on: { nodes: ['node'] },
		sideEffect: 'Deletes the node with its items and subscriptions.',
	},
	{
		id: 'retract',
		label: 'Retract Item',
		icon: 'trash',
		on: { nodes: ['item'] },
		sideEffect: 'Removes the item from its node and notifies subscribers.',
	},
	{
		id: 'add-contact',
		label: 'Add Contact…',
		icon: 'add',
		on: { connection: true },
		sideEffect: 'Adds the contact to your roster and sends them a request.',
		fields: [
			{ key: 'jid', label: 'Address', type: 'text', required: true, placeholder: 'bob@example.org' },
			{ key: 'name', label: 'Name', type: 'text' },
			{ key: 'ask', label: 'Ask to see their presence', type: 'boolean', default: true },
		],
	},
	{
		id: 'remove-contact',
		label: 'Remove Contact',
		icon: 'trash',
		on: { nodes: ['contact'] },
		sideEffect: "You will no longer see each other's presence.",
	},
];
