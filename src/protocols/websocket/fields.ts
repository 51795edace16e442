import type { FieldGroup } from '../../model/field';
import { defaultLimits } from '../../model/session';

/** What a WebSocket profile holds beyond its name and URL. */
export const profileFields: readonly FieldGroup[] = [
	{
		title: 'Authentication',
		help: 'Sent in the Authorization header of the handshake: a bearer token if there is one, else user name and password.',
		fields: [
			{ key: 'username', label: 'User name', type: 'text' },
			{ key: 'password', label: 'Password', type: 'secret' },
			{ key: 'token', label: 'Bearer token', type: 'secret' },
		],
	},
	{
		title: 'Handshake',
		fields: [
			{
				key: 'headers',
				label: 'Request headers',
				help: 'Added to the upgrade request. Secrets belong into the fields above: headers are saved in the settings.',
				type: 'pairs',
			},
			{ key: 'cookies', label: 'Cookies', help: 'Sent in one Cookie header.', type: 'pairs', advanced: true },
			{ key: 'origin', label: 'Origin', type: 'text', placeholder: 'https://example.com', advanced: true },
			{
				key: 'subprotocols',
				label: 'Subprotocols',
				help: 'Offered in this order; the server chooses one.',
				type: 'list',
			},
			{
				key: 'perMessageDeflate',
				label: 'Offer compression (permessage-deflate)',
				type: 'boolean',
				default: true,
				advanced: true,
			},
		],
	},
	{
		title: 'Session',
		fields: [
			{
				key: 'groupBy',
				label: 'Group messages by this JSON field',
				help: 'The field’s value becomes the message’s place in the tree. Dots lead into objects: data.type. Messages above 1 MiB are not looked into.',
				type: 'text',
				placeholder: 'type',
			},
			{
				key: 'pingInterval',
				label: 'Ping every',
				help: 'How often a quiet server is asked whether it is still there; 0 turns this off. These pings are not logged.',
				type: 'number',
				min: 0,
				max: 3600,
				unit: 's',
				default: 30,
				advanced: true,
			},
			{
				key: 'logPings',
				label: 'Log the server’s pings',
				type: 'boolean',
				default: false,
				advanced: true,
			},
			{
				key: 'connectTimeout',
				label: 'Connect timeout',
				type: 'number',
				min: 1,
				max: 600,
				unit: 's',
				default: 15,
				advanced: true,
			},
		],
	},
	{
		title: 'Limits',
		fields: [
			{
				key: 'maxMessageBytes',
				label: 'Largest message',
				help: 'A larger message from the server ends the connection before it is held in memory.',
				type: 'number',
				integer: true,
				min: 1024,
				max: 1024 * 1024 * 1024,
				unit: 'bytes',
				default: defaultLimits.messageBytes,
				advanced: true,
				risk: {
					text: 'A larger limit lets a server take more of this machine’s memory.',
					when: { above: defaultLimits.messageBytes },
				},
			},
		],
	},
];
