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

/** Fields of a Socket.IO profile beyond its name and URL. */
export const profileFields: readonly FieldGroup[] = [
	{
		title: 'Authentication',
		help: 'The auth payload goes to each namespace. User name and password, or the bearer token, go into the Authorization header of the handshake.',
		fields: [
			{
				key: 'authToken',
				label: 'Auth token',
				type: 'secret',
				help: 'Sent in the auth payload, as socket.io-client does for auth: { token }. A version 2 server gets it in the query.',
			},
			{
				key: 'authName',
				label: 'Name of the auth token',
				type: 'text',
				default: 'token',
				advanced: true,
				help: 'The member of the auth payload that has the token.',
			},
			{
				key: 'auth',
				label: 'Auth payload',
				type: 'multiline',
				help: 'A JSON object, which is saved in the settings: put a secret into the auth token, which is added to it.',
			},
			...userAndPassword.fields.map((field) => ({ ...field, advanced: true })),
			{ key: 'token', label: 'Bearer token', type: 'secret', advanced: true },
		],
	},
	tls,
	{
		title: 'Handshake',
		fields: [
			{
				key: 'transport',
				label: 'Transport',
				type: 'choice',
				default: 'websocket',
				choices: [
					{ value: 'websocket', label: 'WebSocket', help: 'Fastest, and needs no sticky sessions.' },
					{ value: 'upgrade', label: 'Polling, then WebSocket', help: 'As socket.io-client does by default.' },
					{ value: 'polling', label: 'Polling', help: 'HTTP requests only.' },
				],
			},
			{
				key: 'version',
				label: 'Server version',
				type: 'choice',
				default: 'auto',
				choices: [
					{
						value: 'auto',
						label: 'Find out',
						help: 'A second request finds it where the first answer leaves it open.',
					},
					{ value: '4', label: '3 or 4', help: 'Engine.IO protocol 4.' },
					{ value: '2', label: '2', help: 'Engine.IO protocol 3.' },
				],
			},
			{
				key: 'path',
				label: 'Path',
				type: 'text',
				default: '/socket.io/',
				help: 'The path of the server’s requests. The path of the URL is the namespace.',
			},
			{
				key: 'query',
				label: 'Query parameters',
				type: 'pairs',
				help: 'Added to each request of the handshake, beside the query of the URL.',
			},
			{
				key: 'headers',
				label: 'Request headers',
				help: 'Added to each request. They are saved in the settings: put passwords and tokens in the fields above.',
				type: 'pairs',
				risk: routingHeaders,
			},
			{ key: 'origin', label: 'Origin', type: 'text', placeholder: 'https://example.com', advanced: true },
			{ ...cookies, help: `${cookies.help} Cookies that the server sets are sent back while connected.` },
			perMessageDeflate,
		],
	},
	{
		title: 'Session',
		fields: [
			reconnect,
			{
				...pingInterval,
				help: 'A server that has been quiet for 10 s is pinged earlier, so that a dead one shows within 15 s. 0 leaves it to the heartbeat of the server, as with polling. These pings are not logged.',
				default: 30,
			},
		],
	},
	limits,
	history,
];
