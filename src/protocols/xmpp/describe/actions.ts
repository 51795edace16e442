import { flag } from '../../../model/contracts/message';
import type { Field } from '../../../model/profile/field';
import type { Action } from '../../description';
import type { XmppAction } from './ids';
import { type StanzaMeta, stanzaFlags, typeBits } from './stanza-meta';

const count: readonly Field[] = [
	{ key: 'count', label: 'At most', type: 'number', integer: true, min: 1, max: 1000, default: 50 },
];

/** A message of the log that asks to see the user's presence. */
const isRequest = (flags: number) => (flags & (typeBits | flag.out)) === stanzaFlags('presence', 'subscribe');

export const actions: readonly Action<XmppAction, StanzaMeta>[] = [
	{
		id: 'accept',
		label: 'Accept Contact Request…',
		icon: 'check',
		inline: true,
		on: { nodes: ['request'], messages: 'one' },
		fits: isRequest,
		sideEffect: 'They will see when you are online.',
		fields: [{ key: 'ask', label: 'Ask to see their presence, too', type: 'boolean', default: true }],
	},
	{
		id: 'decline',
		label: 'Decline Contact Request',
		icon: 'close',
		inline: true,
		on: { nodes: ['request'], messages: 'one' },
		fits: isRequest,
		sideEffect: 'They will not see your presence.',
	},
	{
		id: 'ping',
		label: 'Ping',
		icon: 'pulse',
		group: 'read',
		on: { nodes: ['contact', 'resource', 'occupant', 'room', 'joined', 'entity', 'service'] },
	},
	{
		id: 'leave',
		label: 'Leave Room',
		icon: 'sign-out',
		group: 'remove',
		on: { nodes: ['joined'] },
		sideEffect: 'Everyone in the room sees you leave.',
	},
	{
		id: 'items',
		label: 'Load Items into the Log…',
		icon: 'history',
		group: 'read',
		on: { nodes: ['node'] },
		fields: count,
	},
	{
		id: 'archive',
		label: 'Load Archive into the Log…',
		icon: 'history',
		group: 'read',
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
		group: 'remove',
		on: { nodes: ['node'] },
		sideEffect: 'Deletes the node with its items and subscriptions.',
	},
	{
		id: 'retract',
		label: 'Retract Item',
		icon: 'trash',
		group: 'remove',
		on: { nodes: ['item'] },
		sideEffect: 'Removes the item from its node and notifies subscribers.',
	},
	{
		id: 'add-contact',
		label: 'Add Contact…',
		icon: 'add',
		on: { nodes: ['contacts'], connection: true },
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
		group: 'remove',
		on: { nodes: ['contact'] },
		sideEffect: "You will no longer see each other's presence.",
	},
];
