import type { FieldGroup } from '../../../model/profile/field';
import { limits, routingHeaders, tls, userAndPassword } from '../../shared/fields';

/** What a WebSocket profile holds beyond its name and URL. */
export const profileFields: readonly FieldGroup[] = [
	{
		...userAndPassword,
		help: 'Sent in the Authorization header of the handshake: the bearer token if there is one, else user name and password.',
		fields: [...userAndPassword.fields, { key: 'token', label: 'Bearer token', type: 'secret' }],
	},
	tls,
	{
		title: 'Handshake',
		fields: [
			{
				key: 'headers',
				label: 'Request headers',
				help: 'Added to the upgrade request. They are saved in the settings: passwords and tokens belong into the fields above.',
				type: 'pairs',
				risk: routingHeaders,
			},
			{
				key: 'subprotocols',
				label: 'Subprotocols',
				help: 'Offered in this order; the server chooses one of them.',
				type: 'list',
			},
			{ key: 'origin', label: 'Origin', type: 'text', placeholder: 'https://example.com', advanced: true },
			{
				key: 'cookies',
				label: 'Cookies',
				help: 'Sent together in one Cookie header.',
				type: 'pairs',
				advanced: true,
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
				key: 'reconnect',
				label: 'Connect again by itself when the connection is lost',
				help: 'Off: a server may greet each new connection, and a closed one is what you want to see.',
				type: 'boolean',
				default: false,
			},
			{
				key: 'groupBy',
				label: 'Group messages by this JSON field',
				help: 'The value of the field becomes the message’s place in the tree. Dots lead into objects, e.g. data.type. Messages above 1 MiB are not looked into.',
				type: 'text',
				placeholder: 'type',
			},
			{
				key: 'pingInterval',
				label: 'Ping every',
				help: 'A server that has been quiet for 10 s is asked earlier, so that a dead one shows within 15 s. 0: never ask. These pings are not logged.',
				type: 'number',
				min: 0,
				max: 3600,
				unit: 's',
				default: 30,
				advanced: true,
			},
			{
				key: 'logPings',
				label: 'Log pings and pongs of the server',
				type: 'boolean',
				default: false,
				advanced: true,
			},
		],
	},
	limits,
];
