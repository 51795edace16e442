import type { Field, FieldGroup } from '../../../model/profile/field';
import type { ResolvedProfile } from '../../../model/profile/profile';
import { history, limits, pingInterval, reconnect, tls } from '../../shared/fields';

/** SASL mechanisms that use the password, strongest first. */
export const passwordMechanisms = [
	'SCRAM-SHA-512-PLUS',
	'SCRAM-SHA-256-PLUS',
	'SCRAM-SHA-1-PLUS',
	'SCRAM-SHA-512',
	'SCRAM-SHA-256',
	'SCRAM-SHA-1',
	'PLAIN',
] as const;

/** Fields of an XMPP profile beyond its name and URL. */
export const profileFields: readonly FieldGroup[] = [
	{
		title: 'Authentication',
		fields: [
			{
				key: 'username',
				label: 'Address (JID)',
				type: 'text',
				placeholder: 'alice@example.org',
				help: 'The part before the @ is enough if the URL contains the domain of the account; otherwise enter the whole address. The certificate must be for the domain.',
				risk: { text: 'signs in at any server that has a certificate for this domain', when: 'other domain' },
			},
			{ key: 'password', label: 'Password', type: 'secret' },
			{
				key: 'resource',
				label: 'Resource',
				type: 'text',
				maxBytes: 1023,
				placeholder: 'a new one for each window',
				help: "Leave empty to generate one per window, so windows don't disconnect each other.",
				advanced: true,
			},
			{
				key: 'mechanism',
				label: 'Mechanism',
				type: 'choice',
				default: 'auto',
				choices: [
					{ value: 'auto', label: 'strongest supported by both sides' },
					...[...passwordMechanisms, 'EXTERNAL'].map((value) => ({ value, label: value })),
				],
				help: 'PLAIN is used over TLS only. EXTERNAL signs in with the client certificate.',
				risk: { text: 'hands the password itself to the server instead of a proof of it', when: ['PLAIN'] },
				advanced: true,
			},
			{
				key: 'allowUnencrypted',
				label: 'Sign in without encryption',
				type: 'boolean',
				default: false,
				help: 'For ws:// URLs, and for xmpp:// servers without STARTTLS. If off, such connections fail.',
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
					{ value: 'available', label: 'be available', help: 'Your contacts see that you are online.' },
					{
						value: 'none',
						label: 'send no presence',
						help: 'Contacts do not see you, you do not see their presence, and messages to the bare address do not arrive here.',
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
				help: 'Messages to the bare address go to the client with the highest priority. With a negative priority, none arrive here.',
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
				...reconnect,
				help: 'With growing pauses of up to 30 s. Not after a refused login or when another connection has replaced this one.',
			},
			pingInterval,
			{
				key: 'logBrowsing',
				label: 'Log own browsing',
				type: 'boolean',
				default: false,
				help: 'Shows the requests that list contacts, rooms and services, with their answers. What you send and what others request is always in the log.',
				advanced: true,
			},
		],
	},
	{
		title: 'WebSocket',
		when: { key: '@scheme', is: ['ws', 'wss'] },
		help: 'The path is taken from the URL; the default is /xmpp-websocket.',
		fields: [{ key: 'origin', label: 'Origin', type: 'text', placeholder: 'https://example.com', advanced: true }],
	},
	limits,
	history,
];

/** XMPP knows no sign-in without a password except by a client certificate (EXTERNAL). */
export const secretNeeded = ({ values }: Pick<ResolvedProfile, 'values'>): string | undefined =>
	values.mechanism === 'EXTERNAL' || values['tls.cert'] || values['tls.pfx'] ? undefined : 'password';

/** Fields of a subscription to a room. */
export const roomFields: readonly Field[] = [
	{
		key: 'nick',
		label: 'Nick',
		type: 'text',
		placeholder: 'the part of your address before the @',
		help: 'Your name in the room.',
	},
	{
		key: 'history',
		label: 'Earlier messages',
		type: 'number',
		integer: true,
		min: 0,
		max: 1000,
		default: 20,
		help: 'Maximum number of earlier messages the room sends when you join. They are marked as history.',
	},
	{
		key: 'password',
		label: 'Room password',
		type: 'text',
		help: 'Saved with the subscription.',
		advanced: true,
	},
];
