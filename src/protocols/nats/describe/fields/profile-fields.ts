import type { FieldGroup } from '../../../../model/profile/field';
import {
	history,
	limits,
	pingInterval,
	reconnect,
	signsIn,
	tls,
	userAndPassword,
	webSocket,
} from '../../../shared/fields';

const login: FieldGroup = {
	title: 'Authentication',
	help: 'Fill in what the server asks for: user and password, a token, an nkey seed or a credentials file.',
	fields: [
		...userAndPassword.fields,
		{ key: 'token', label: 'Token', type: 'secret' },
		{
			key: 'nkey',
			label: 'Nkey seed',
			type: 'secret',
			help: 'The seed of a user, which starts with "SU". It signs a challenge of the server and is never sent.',
		},
		{
			key: 'credentials',
			label: 'Credentials file',
			type: 'file',
			filter: ['creds'],
			help: 'A file of nsc or of your provider with a user JWT and a seed. Used before all others.',
			risk: signsIn,
		},
	],
};

const tlsFirst: FieldGroup = {
	title: 'TLS handshake',
	when: { key: '@scheme', is: ['tls'] },
	fields: [
		{
			key: 'tls.first',
			label: 'TLS first',
			type: 'boolean',
			default: false,
			help: 'Begin TLS before the server has said anything. For servers with "handshake_first", and behind proxies that end TLS.',
			advanced: true,
		},
	],
};

const session: FieldGroup = {
	title: 'Session',
	fields: [
		reconnect,
		pingInterval,
		{
			key: 'clientName',
			label: 'Client name',
			type: 'text',
			maxBytes: 255,
			placeholder: 'messaging-workbench',
			help: 'Shown by the monitoring of the server.',
			advanced: true,
		},
		{
			key: 'inboxPrefix',
			label: 'Inbox prefix',
			type: 'text',
			maxBytes: 255,
			pattern: '[^\\s.*>]+(?:\\.[^\\s.*>]+)*',
			placeholder: '_INBOX',
			help: 'Start of the subjects where answers arrive, for users who may not subscribe to _INBOX.>.',
			advanced: true,
		},
	],
};

const jetStream: FieldGroup = {
	title: 'JetStream',
	fields: [
		{
			key: 'jetstream.domain',
			label: 'Domain',
			type: 'text',
			maxBytes: 255,
			pattern: '[^\\s.*>]+',
			help: 'Uses the JetStream of this domain, such as that of a leaf node.',
			advanced: true,
		},
		{
			key: 'jetstream.prefix',
			label: 'API prefix',
			type: 'text',
			maxBytes: 255,
			pattern: '[^\\s*>]+',
			placeholder: '$JS.API',
			help: 'Start of the subjects of the API, where another account exports it. Used instead of the domain.',
			advanced: true,
		},
	],
};

export const profileFields: readonly FieldGroup[] = [
	login,
	tls,
	tlsFirst,
	session,
	jetStream,
	webSocket,
	limits,
	history,
];
