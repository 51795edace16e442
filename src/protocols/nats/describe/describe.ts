import type { Mode, ProtocolDescription, Verb } from '../../description';
import { files } from '../files/files';
import { actions } from './actions';
import { comparison } from './comparison';
import { delivery } from './delivery';
import { publishFields, requestFields, streamFields } from './fields/message-fields';
import { profileFields } from './fields/profile-fields';
import { natsFlag, statusOf } from './flags';
import { headersOf } from './headers';
import { holdingOf } from './holding';
import type { NatsMode, NatsVerb } from './ids';
import { checkTarget, identity, modes } from './modes';
import { presets } from './presets';
import { natsProperties } from './properties';
import { checkFilter, checkSubject, compileFilter, isWildcard } from './subjects';

export const nats: ProtocolDescription<Uint8Array> = {
	id: 'nats',
	label: 'NATS',
	summary:
		'Subjects of NATS, and the streams, key-value buckets and object stores of JetStream, over TCP, TLS or WebSocket.',
	server: 'a NATS server',
	schemes: [
		{ scheme: 'nats', defaultPort: 4222, tls: false },
		{ scheme: 'tls', defaultPort: 4222, tls: true },
		{ scheme: 'ws', defaultPort: 80, tls: false },
		{ scheme: 'wss', defaultPort: 443, tls: true },
	],
	urlPlaceholder: 'nats://localhost:4222',
	client: 'clientName',
	words: {
		target: 'subject',
		targets: 'subjects',
		subscribe: 'Subscribe',
		unsubscribe: 'Unsubscribe',
		send: 'Publish',
		message: 'message',
		messages: 'messages',
		empty: 'Nothing has arrived yet. Subscribe to a subject, or read a stream.',
	},
	separator: '.',
	presets,
	profile: profileFields,
	subscription: {
		placeholder: 'orders.*.created',
		fields: [],
		check: checkTarget,
		identity,
		holds: holdingOf,
		sideEffect: 'Depends on the mode.',
		suggest: [{ target: '>', label: 'all subjects (can be a lot)' }],
		modes: modes satisfies readonly Mode<NatsMode>[],
	},
	browse: {
		label: 'JetStream',
		refreshMs: 5000,
		kinds: {
			folder: { label: 'List', icon: 'folder' },
			server: { label: 'Server', icon: 'server' },
			stream: { label: 'Stream', icon: 'database' },
			consumer: { label: 'Consumer', icon: 'inbox' },
			subject: { label: 'Subject', icon: 'symbol-string' },
			bucket: { label: 'Key-value bucket', icon: 'symbol-key' },
			key: { label: 'Key', icon: 'key' },
			store: { label: 'Object store', icon: 'archive' },
			object: { label: 'Object', icon: 'file-binary' },
		},
	},
	actions,
	verbs: [
		{
			id: 'publish',
			label: 'Publish',
			target: 'required',
			targetPlaceholder: 'orders.eu.created',
			checkTarget: checkSubject,
			fields: publishFields,
			proves:
				'The server has processed the message, or has refused it. NATS does not say whether there is a subscriber.',
		},
		{
			id: 'request',
			label: 'Send Request',
			target: 'required',
			targetPlaceholder: 'prices.get',
			checkTarget: checkSubject,
			fields: requestFields,
			proves: 'The answer and its round trip; or that no client is subscribed to the subject (no responders).',
		},
		{
			id: 'stream',
			label: 'Publish to Stream',
			target: 'required',
			targetPlaceholder: 'orders.eu.created',
			checkTarget: checkSubject,
			fields: streamFields,
			keeps: {},
			proves: 'The stream has stored the message, with its sequence; or no stream has the subject.',
		},
	] satisfies readonly Verb<NatsVerb>[],
	receiptWithin: 310_000,
	columns: [
		{
			id: 'reply',
			label: '↩',
			icon: 'reply',
			title: 'Has a reply subject',
			width: 1,
			text: (flags) => (flags & natsFlag.reply && !(flags & natsFlag.consumed) ? 'R' : ''),
		},
		{ id: 'status', label: 'Status', title: 'Status code', width: 4, text: statusOf },
		{
			id: 'read',
			label: 'Read',
			title: 'How it was read: from a stream, or delivered by a consumer; empty if it was received as it was published',
			width: 8,
			text: (flags) =>
				flags & natsFlag.marker
					? 'deleted'
					: flags & natsFlag.stored
						? 'stream'
						: flags & natsFlag.consumed
							? 'consumed'
							: '',
		},
	],
	delivery,
	properties: natsProperties,
	files,
	comparison,
	imports: [
		{
			tool: 'nats command line',
			what: 'contexts',
			place: { folder: 'nats/context', end: '.json' },
			load: async () => (await import('../import/contexts')).readContext,
		},
	],
	contentType: (meta) => header(meta, 'content-type'),
	contentEncoding: (meta) => header(meta, 'content-encoding'),
	pattern: {
		help: '* stands for one token, > for all behind',
		isPattern: (text) => isWildcard(text) && checkFilter(text) === undefined,
		compile: compileFilter,
		below: (subject) => `${subject}.>`,
	},
};

const header = (meta: Uint8Array | undefined, name: string): string | undefined =>
	meta && headersOf(meta).pairs.find(([one]) => one.toLowerCase() === name)?.[1];
