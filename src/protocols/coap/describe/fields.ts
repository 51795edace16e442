import type { Field, FieldGroup } from '../../../model/profile/field';
import { formatNames } from '../../../model/text/content-formats';
import { history, limits, serverChoice } from '../../shared/fields';

const blockSizes = [1024, 512, 256, 128, 64, 32, 16].map((value) => ({ value, label: `${value} bytes` }));

/** Fields of a CoAP profile beyond its name and URL. */
export const profileFields: readonly FieldGroup[] = [
	{
		title: 'DTLS',
		when: { key: '@scheme', is: ['coaps'] },
		help: 'With a pre-shared key (RFC 7252, 9.1.3.1). Certificates and raw public keys are not supported.',
		fields: [
			{
				key: 'dtls.identity',
				label: 'Identity',
				type: 'text',
				maxBytes: 128,
				help: 'Tells the server which key to use. It is sent unencrypted.',
			},
			{ key: 'dtls.psk', label: 'Pre-shared key', type: 'secret' },
			{
				key: 'dtls.pskFormat',
				label: 'Key format',
				type: 'choice',
				default: 'text',
				choices: [
					{ value: 'text', label: 'text', help: 'Encoded as UTF-8.' },
					{ value: 'hex', label: 'hexadecimal', help: 'Two digits per byte; spaces and colons are ignored.' },
				],
			},
		],
	},
	{
		title: 'Session',
		fields: [
			{
				key: 'probe',
				label: 'When connecting',
				type: 'choice',
				default: 'ask',
				choices: [
					{
						value: 'ask',
						label: 'Ping the server',
						help: 'If it does not answer, a GET of /.well-known/core is sent as well.',
					},
					{
						value: 'none',
						label: 'Send nothing',
						help: 'For sleeping devices. It is not known then whether they can be reached.',
					},
				],
				help: 'UDP has no connection: only an answer proves that a server is there.',
			},
			{
				key: 'pingInterval',
				label: 'Ping when quiet for',
				help: 'Detects a dead server while resources are observed. Over DTLS the server is always pinged, since a restarted server does not report the lost session. Servers that answered no ping when connecting are not pinged. 0 disables pings.',
				type: 'number',
				min: 0,
				max: 3600,
				unit: 's',
				default: 10,
				advanced: true,
			},
			{
				key: 'blockSize',
				label: 'Block size',
				help: 'Largest block to send; the server may require smaller ones. Below 1024, the same size is requested from the server.',
				type: 'choice',
				choices: blockSizes,
				default: 1024,
			},
			{
				key: 'nstart',
				label: 'Requests at once',
				help: 'Requests that may be unacknowledged at a time (NSTART, RFC 7252, 4.7). 1 is gentle on small devices; further requests wait.',
				type: 'number',
				integer: true,
				min: 1,
				max: 64,
				default: 1,
				advanced: true,
			},
			{
				key: 'responseTimeout',
				label: 'Wait for a separate response',
				help: 'Time for the answer after a request was acknowledged. Also for the answer to a non-confirmable request, at most 10 s.',
				type: 'number',
				min: 1,
				max: 300,
				unit: 's',
				default: 60,
				advanced: true,
			},
			{
				key: 'uriHost',
				label: 'Uri-Host',
				help: 'Sent with every request, for servers with several names. Leave empty to send none.',
				risk: serverChoice,
				type: 'text',
				maxBytes: 255,
				advanced: true,
			},
		],
	},
	limits,
	history,
];

const accept: Field = {
	key: 'accept',
	label: 'Accept',
	help: 'Requested content format, as a name or number.',
	type: 'text',
	suggest: formatNames,
};
const query: Field = {
	key: 'query',
	label: 'Query',
	help: 'Additional Uri-Query options, each "name=value", after those in the resource.',
	type: 'list',
	advanced: true,
};
const extra: Field = {
	key: 'options',
	label: 'Additional options',
	help: 'Option number and value in hexadecimal, e.g. 2048 and 01ff. Sent unchanged.',
	type: 'pairs',
	advanced: true,
};
const uriHost: Field = { key: 'uriHost', label: 'Uri-Host', type: 'text', maxBytes: 255, advanced: true };

/** Fields of a request. `hasBody`: it has a payload. */
export function requestFields(hasBody: boolean): Field[] {
	const format: Field = {
		key: 'contentFormat',
		label: 'Content-Format',
		help: 'Content format of the payload, as a name or number.',
		type: 'text',
		suggest: formatNames,
	};
	return [
		{
			key: 'type',
			label: 'Type',
			type: 'choice',
			default: 'con',
			choices: [
				{ value: 'con', label: 'Confirmable (CON)', help: 'Repeated until it is acknowledged, for up to 93 s.' },
				{ value: 'non', label: 'Non-confirmable (NON)', help: 'Sent once; it may be lost.' },
			],
		},
		...(hasBody ? [format] : []),
		accept,
		query,
		{
			key: 'ifMatch',
			label: 'If-Match',
			help: 'ETags in hexadecimal. An empty one means "if the resource exists".',
			type: 'list',
			advanced: true,
		},
		{
			key: 'ifNoneMatch',
			label: 'If-None-Match',
			help: 'Only if the resource does not exist.',
			type: 'boolean',
			default: false,
			advanced: true,
		},
		{
			key: 'etag',
			label: 'ETag',
			help: 'ETags in hexadecimal of representations you already have. The server answers 2.03 instead of sending one of them again.',
			type: 'list',
			advanced: true,
		},
		uriHost,
		{
			key: 'blockSize',
			label: 'Block size',
			help: 'Overrides the block size of the connection.',
			type: 'choice',
			choices: [{ value: 0, label: 'as set in the connection' }, ...blockSizes],
			default: 0,
			advanced: true,
		},
		extra,
	];
}

export const observeFields: readonly Field[] = [accept, query, extra];

export const discoverFields: readonly Field[] = [
	{
		key: 'address',
		label: 'Multicast address',
		help: 'All CoAP nodes: 224.0.1.187, ff02::fd on the link, ff05::fd in the site (RFC 7252, 12.8). A unicast address works as well.',
		type: 'text',
		default: '224.0.1.187',
		required: true,
		suggest: ['224.0.1.187', 'ff02::fd', 'ff05::fd'],
	},
	{ key: 'port', label: 'Port', type: 'number', integer: true, min: 1, max: 65_535, default: 5683 },
	{
		key: 'interface',
		label: 'Interface',
		help: 'Address of the network interface to send from; for IPv6 with its scope, e.g. ::%eth0. Leave empty to let the system choose.',
		type: 'text',
	},
	{
		key: 'path',
		label: 'Resource',
		type: 'text',
		default: '/.well-known/core',
		help: 'A query narrows the result, e.g. /.well-known/core?rt=temperature.',
	},
	{
		key: 'seconds',
		label: 'Wait for answers',
		type: 'number',
		min: 1,
		max: 60,
		unit: 's',
		default: 5,
		help: 'Devices answer after a random delay, usually within 5 s (RFC 7252, 8.2).',
	},
	{
		key: 'ttl',
		label: 'Hops',
		help: '1 does not leave the local network.',
		type: 'number',
		integer: true,
		min: 1,
		max: 255,
		default: 1,
		advanced: true,
	},
];
