import type { FieldGroup } from '../../../model/profile/field';
import {
	cookies,
	history,
	limits,
	perMessageDeflate,
	pingInterval,
	reconnect,
	routingHeaders,
	tls,
	userAndPassword,
} from '../../shared/fields';

/** Fields of a WebSocket profile beyond its name and URL. */
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
				help: 'Added to the upgrade request. They are saved in the settings: put passwords and tokens in the fields above.',
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
			cookies,
			perMessageDeflate,
		],
	},
	{
		title: 'Session',
		fields: [
			{
				...reconnect,
				help: 'Off by default, because a test often expects the server to close the connection.',
				default: false,
				advanced: false,
			},
			{
				key: 'groupBy',
				label: 'Group messages by this JSON field',
				help: 'The value of the field becomes the group in the tree. Use dots for nested fields, e.g. data.type. Messages above 1 MiB are not parsed.',
				type: 'text',
				placeholder: 'type',
			},
			{ ...pingInterval, default: 30 },
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
	history,
];
