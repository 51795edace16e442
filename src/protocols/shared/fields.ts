import type { Field, FieldGroup, Risky } from '../../model/profile/field';
import { certificatePin } from '../../model/profile/fields';
import { sizePattern } from '../../model/profile/size';

/** User name and password of protocols that sign in. */
export const userAndPassword: FieldGroup = {
	title: 'Authentication',
	fields: [
		{ key: 'username', label: 'User name', type: 'text' },
		{ key: 'password', label: 'Password', type: 'secret' },
	],
};

/** Whether the session connects again when the link is lost. */
export const reconnect = {
	key: 'reconnect',
	label: 'Reconnect automatically',
	help: 'With growing pauses of up to 30 s; never after a refused login.',
	type: 'boolean',
	default: true,
	advanced: true,
} as const satisfies Field;

/** The interval of the pings that detect a dead server. */
export const pingInterval = {
	key: 'pingInterval',
	label: 'Ping every',
	help: 'A server that has been quiet for 10 s is pinged earlier, so that a dead one shows within 15 s. 0 disables pings. These pings are not logged.',
	type: 'number',
	min: 0,
	max: 3600,
	unit: 's',
	default: 60,
	advanced: true,
} as const satisfies Field;

/** Cookies of an HTTP handshake. */
export const cookies = {
	key: 'cookies',
	label: 'Cookies',
	help: 'Sent together in one Cookie header.',
	type: 'pairs',
	advanced: true,
} as const satisfies Field;

/** The extension of RFC 7692. */
export const perMessageDeflate = {
	key: 'perMessageDeflate',
	label: 'Offer compression (permessage-deflate)',
	type: 'boolean',
	default: true,
	advanced: true,
} as const satisfies Field;

export const signsIn: Risky = { text: 'signs in with this file of your machine', when: { except: [] } };

/** Another server than that of the URL receives the credentials. */
export const otherServers: Risky = {
	text: 'sends the user name and password to these servers as well',
	when: { otherServerExcept: [] },
};

/** The name by which a server with several chooses one, whatever server the certificate is for. */
export const serverChoice: Risky = { text: 'chooses another server behind the same address', when: { except: [] } };

/** Request headers by which a proxy chooses one of several servers, whatever server the certificate is for. */
export const routingHeaders: Risky = {
	text: serverChoice.text,
	when: { names: ['host', 'forwarded', 'x-forwarded-host', 'x-forwarded-server', 'x-original-host', 'x-host'] },
};

/** The upgrade request of protocols that run over WebSocket as well. */
export const webSocket: FieldGroup = {
	title: 'WebSocket',
	when: { key: '@scheme', is: ['ws', 'wss'] },
	help: 'The path is taken from the URL.',
	fields: [
		{ key: 'ws.headers', label: 'Request headers', type: 'pairs', risk: routingHeaders, advanced: true },
		{ key: 'ws.origin', label: 'Origin', type: 'text', advanced: true },
	],
};

/** TLS settings of every protocol over TCP. Read by `tls/settings.ts`. */
export const tls: FieldGroup = {
	title: 'TLS',
	when: { key: '@tls', is: [true] },
	fields: [
		{
			key: 'tls.ca',
			label: 'CA certificate',
			type: 'file',
			filter: ['pem', 'crt', 'cer'],
			help: 'Trusted in addition to the authorities that this machine trusts. PEM with one or more certificates, or DER.',
			risk: {
				text: 'trusts the servers that these authorities vouch for',
				when: { except: [] },
				content: true,
			},
		},
		{
			key: 'tls.cert',
			label: 'Client certificate',
			type: 'file',
			filter: ['pem', 'crt', 'cer'],
			help: 'PEM or DER. Its intermediate certificates may be in the same PEM file, in any order.',
			risk: signsIn,
		},
		{
			key: 'tls.key',
			label: 'Client key',
			type: 'file',
			filter: ['pem', 'key'],
			help: 'PEM; it may be encrypted.',
			risk: signsIn,
		},
		{
			key: 'tls.pfx',
			label: 'Client certificate and key (PKCS #12)',
			type: 'file',
			filter: ['p12', 'pfx'],
			help: 'Instead of the two files above.',
			risk: signsIn,
			advanced: true,
		},
		{
			key: 'tls.passphrase',
			label: 'Key passphrase',
			type: 'secret',
			help: 'Passphrase for the encrypted key or PKCS #12 file.',
		},
		{
			key: 'tls.servername',
			label: 'Server name',
			type: 'text',
			maxBytes: 255,
			help: 'The name for SNI and certificate verification, if it differs from the host in the URL.',
			risk: { text: 'takes the certificate of this name for that of the host in the URL', when: { except: [] } },
			advanced: true,
		},
		{
			key: 'tls.alpn',
			label: 'ALPN protocols',
			type: 'list',
			help: 'Offered in this order, e.g. "mqtt" or "x-amzn-mqtt-ca".',
			advanced: true,
		},
		{
			key: 'tls.verify',
			label: 'Verify the certificate',
			type: 'boolean',
			default: true,
			help: 'Off: anyone on the network path can read and alter the traffic.',
			risk: { text: 'accepts any certificate, so anyone on the way can read and change everything', when: [false] },
		},
		{
			key: certificatePin,
			label: 'Trusted certificate',
			type: 'text',
			pattern: '(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}',
			placeholder: 'SHA-256 fingerprint',
			help: 'The server’s certificate is accepted if it has this SHA-256 fingerprint, even if it cannot be verified or is for another host. Any other one must be verified.',
			risk: { text: 'accepts this certificate without verifying it', when: { except: [] } },
			advanced: true,
		},
	],
};

/** How long a request waits for its answer. */
export const answerTimeout: Field = {
	...{ key: 'timeout', label: 'Wait for the answer', type: 'number', min: 1, max: 25, unit: 's', default: 10 },
};

/** What is recorded while the connection is open, without a limit in time. */
export const history: FieldGroup = {
	title: 'History',
	help: 'Records what is received and sent, so that it can be opened after the window was closed.',
	fields: [
		{
			key: 'record.keep',
			label: 'Keep at most',
			type: 'text',
			pattern: sizePattern,
			expected: 'a size from "10 MB" to "999 GB"',
			placeholder: 'e.g. 500 MB',
			suggest: ['100 MB', '500 MB', '2 GB'],
			help: 'Size of all files on this machine; the oldest are deleted. Empty: nothing is recorded.',
			risk: { text: 'writes every message to the disk of this machine', when: { except: [] } },
		},
	],
};

const mebibyte = 1024 * 1024;

/** Limits of one connection: the longest wait and the largest message. */
export const limits: FieldGroup = {
	title: 'Limits',
	fields: [
		{
			key: 'connectTimeout',
			label: 'Connect timeout',
			type: 'number',
			min: 1,
			max: 300,
			unit: 's',
			default: 15,
			help: 'Time allowed from DNS lookup to a usable connection.',
		},
		{
			key: 'maxMessageBytes',
			label: 'Largest message accepted',
			type: 'number',
			integer: true,
			min: 1024,
			max: 256 * mebibyte - 1,
			unit: 'bytes',
			default: 16 * mebibyte,
			help: 'Larger messages close the connection instead of being buffered.',
			risk: { text: 'lets one message take up more memory', when: { above: 16 * mebibyte } },
		},
	],
};
