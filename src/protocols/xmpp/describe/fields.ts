import type { Field, FieldGroup } from '../../../model/profile/field';
import { limits, tls } from '../../shared/fields';

/** What an XMPP profile holds beyond its name and URL. */
export const profileFields: readonly FieldGroup[] = [
	{
		title: 'Authentication',
		fields: [
			{
				key: 'username',
				label: 'Address (JID)',
				type: 'text',
				placeholder: 'alice@example.org',
				help: 'Where the host of the URL is not the domain of the account, the whole address; else the part before the @ is enough. The certificate must be for the domain.',
				risk: { text: 'signs in at whichever server has a certificate for this domain', when: 'other domain' },
			},
			{ key: 'password', label: 'Password', type: 'secret' },
			{
				key: 'resource',
				label: 'Resource',
				type: 'text',
				maxBytes: 1023,
				placeholder: 'a new one for each window',
				help: 'Empty: a random one, so that two windows do not throw each other out.',
				advanced: true,
			},
			{
				key: 'mechanism',
				label: 'Mechanism',
				type: 'choice',
				default: 'auto',
				choices: [
					{ value: 'auto', label: 'the strongest that both know' },
					...[
						'SCRAM-SHA-512-PLUS',
						'SCRAM-SHA-256-PLUS',
						'SCRAM-SHA-1-PLUS',
						'SCRAM-SHA-512',
						'SCRAM-SHA-256',
						'SCRAM-SHA-1',
						'PLAIN',
						'EXTERNAL',
					].map((value) => ({ value, label: value })),
				],
				help: 'PLAIN is used over TLS only. EXTERNAL signs in by the client certificate.',
				risk: { text: 'hands the password itself to the server instead of a proof of it', when: ['PLAIN'] },
				advanced: true,
			},
			{
				key: 'allowUnencrypted',
				label: 'Sign in without encryption',
				type: 'boolean',
				default: false,
				help: 'For ws://, and for xmpp:// where the server offers no STARTTLS. Off: the connection is refused then.',
				risk: { text: 'signs in and sends everything without encryption where the server offers none', when: [true] },
				advanced: true,
			},
		],
	},
	tls,
	{
		title: 'Presence',
		fields: [
			{
				key: 'presence',
				label: 'When connected',
				type: 'choice',
				default: 'available',
				choices: [
					{ value: 'available', label: 'be available', help: 'Contacts see it.' },
					{
						value: 'none',
						label: 'send no presence',
						help: 'No contact sees it, no presence of others is received, and messages to the bare address do not arrive here.',
					},
				],
			},
			{
				key: 'priority',
				label: 'Priority',
				type: 'number',
				integer: true,
				min: -128,
				max: 127,
				default: 0,
				help: 'Of several clients, the highest gets what is sent to the bare address. Below zero, nothing sent to the bare address arrives here.',
				when: { key: 'presence', is: ['available'] },
			},
			{
				key: 'show',
				label: 'Show',
				type: 'choice',
				default: 'online',
				choices: ['online', 'chat', 'away', 'xa', 'dnd'].map((value) => ({ value, label: value })),
				when: { key: 'presence', is: ['available'] },
				advanced: true,
			},
			{
				key: 'status',
				label: 'Status',
				type: 'text',
				when: { key: 'presence', is: ['available'] },
				advanced: true,
			},
		],
	},
	{
		title: 'Session',
		fields: [
			{
				key: 'reconnect',
				label: 'Connect again by itself when the connection is lost',
				help: 'With growing pauses up to 30 s; never after a refused login, nor when another connection has taken the place.',
				type: 'boolean',
				default: true,
				advanced: true,
			},
			{
				key: 'pingInterval',
				label: 'Ping every',
				help: 'A server that has been quiet for 10 s is asked earlier, so that a dead one shows within 15 s. 0: never ask. These pings are not logged.',
				type: 'number',
				min: 0,
				max: 3600,
				unit: 's',
				default: 60,
				advanced: true,
			},
		],
	},
	{
		title: 'WebSocket',
		when: { key: '@scheme', is: ['ws', 'wss'] },
		help: 'The path is taken from the URL; without one it is /xmpp-websocket.',
		fields: [{ key: 'origin', label: 'Origin', type: 'text', placeholder: 'https://example.com', advanced: true }],
	},
	limits,
];

export const roomFields: readonly Field[] = [
	{
		key: 'nick',
		label: 'Nick',
		type: 'text',
		placeholder: 'the part of your address before the @',
		help: 'The name that the others see.',
	},
	{
		key: 'history',
		label: 'Earlier messages',
		type: 'number',
		integer: true,
		min: 0,
		max: 1000,
		default: 20,
		help: 'At most so many are sent on joining; they are marked as history.',
	},
	{
		key: 'password',
		label: 'Password of the room',
		type: 'text',
		help: 'It is saved with the subscription.',
		advanced: true,
	},
];
