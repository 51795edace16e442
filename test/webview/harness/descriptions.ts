import type { ProtocolDescription, Verb } from '../../../src/protocols/description';
import { descriptions as real } from '../../../src/protocols/descriptions';
import { records } from '../../support/records';

const verb = (id: string, label: string, target: Verb['target'] = 'required'): Verb => ({
	id,
	label,
	target,
	targetPlaceholder: 'a box',
	checkTarget: (text) => (text === '' ? 'A box is needed.' : undefined),
	fields: [{ key: 'urgent', label: 'Urgent', type: 'boolean', default: false }],
	proves: 'That the box has it.',
});

/** An invented protocol that uses every part of a description. */
const post: ProtocolDescription = {
	id: 'post',
	label: 'Post',
	summary: 'Boxes with letters.',
	schemes: [{ scheme: 'post', defaultPort: 1, tls: false }],
	urlPlaceholder: 'post://localhost',
	words: {
		target: 'box',
		targets: 'boxes',
		subscribe: 'Receive',
		unsubscribe: 'Stop receiving',
		send: 'Post',
		message: 'letter',
		messages: 'letters',
		empty: 'No letter has come yet.',
	},
	profile: [],
	subscription: {
		placeholder: 'a box',
		fields: [],
		check: (target, mode) =>
			target === ''
				? 'A box is needed.'
				: mode === 'take' && target === 'all'
					? 'All boxes cannot be emptied.'
					: undefined,
		sideEffect: 'Differs.',
		suggest: [{ target: 'all', label: 'every box', mode: 'copy' }],
		modes: [
			{ id: 'copy', label: 'Copy', icon: 'eye', placeholder: 'box to copy', sideEffect: 'Nothing changes for others.' },
			{
				id: 'take',
				label: 'Take',
				icon: 'inbox',
				placeholder: 'box to empty',
				sideEffect: 'Letters are taken away and nobody else gets them.',
				intrusive: true,
				fields: [{ key: 'most', label: 'At most', type: 'number', min: 1, max: 1000, integer: true, default: 10 }],
			},
		],
	},
	browse: {
		label: 'Offices and boxes',
		kinds: {
			office: { label: 'Office', icon: 'server', round: true },
			box: { label: 'Box', icon: 'inbox' },
			parcel: { label: 'Parcel', icon: 'package' },
			rule: { label: 'Rule', icon: 'link' },
		},
	},
	graph: { label: 'Routes', legend: 'Round: offices.', document: 'routes-text' },
	actions: [
		{ id: 'routes', label: 'Show Routes', view: 'graph', on: { connection: true } },
		{ id: 'routes-text', label: 'Open Routes as Document', on: {} },
		{
			id: 'empty',
			label: 'Empty…',
			icon: 'trash',
			group: 'remove',
			on: { nodes: ['box'] },
			sideEffect: 'The letters in it are gone.',
			fields: [
				{ key: 'reason', label: 'Reason', type: 'text', required: true },
				{ key: 'force', label: 'Also what is held', type: 'boolean', default: false },
			],
		},
		{ id: 'sign', label: 'Sign', icon: 'check', inline: true, on: { nodes: ['parcel'] } },
		{ id: 'refuse', label: 'Refuse', icon: 'close', inline: true, on: { nodes: ['parcel'] } },
		{ id: 'count', label: 'Count', on: { nodes: ['box'] } },
		{ id: 'return', label: 'Return to Sender', icon: 'reply', on: { messages: 'many' } },
		{ id: 'open', label: 'Open Letter', on: { messages: 'one' } },
		{ id: 'ping', label: 'Ping', icon: 'pulse', on: { connection: true } },
		{ id: 'open-all', label: 'Open All Boxes', on: { connection: true }, when: { state: 'opened', is: false } },
		{ id: 'close-all', label: 'Close All Boxes', on: { connection: true }, when: { state: 'opened', is: true } },
	],
	verbs: [
		verb('post', 'Post'),
		...['Ask', 'Replace', 'Remove', 'Patch', 'Search', 'Merge'].map((label) => verb(label.toLowerCase(), label)),
		verb('shout', 'Shout', 'none'),
	],
	columns: [
		{ id: 'code', label: 'Code', title: 'What it says', width: 4, text: (flags) => (flags & 0x100 ? '2.05' : '') },
	],
	properties: () => [],
};

export const descriptions: readonly ProtocolDescription[] = [...real, post, records as ProtocolDescription];

export const describe = (protocol: string): ProtocolDescription | undefined =>
	descriptions.find(({ id }) => id === protocol);
