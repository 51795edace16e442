import type { Field, FieldGroup } from '../../../model/profile/field';
import { formatNames } from '../../../model/text/content-formats';
import { limits } from '../../shared/fields';

const blockSizes = [1024, 512, 256, 128, 64, 32, 16].map((value) => ({ value, label: `${value} bytes` }));

/** What a CoAP profile holds beyond its name and URL. */
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
				help: 'Says to the server which key is meant. It is sent unencrypted.',
			},
			{ key: 'dtls.psk', label: 'Pre-shared key', type: 'secret' },
			{
				key: 'dtls.pskFormat',
				label: 'The key is',
				type: 'choice',
				default: 'text',
				choices: [
					{ value: 'text', label: 'text', help: 'Its bytes are those of UTF-8.' },
					{ value: 'hex', label: 'hexadecimal', help: 'Two digits for each byte; spaces and colons do not count.' },
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
						label: 'Ask the server for a sign of life',
						help: 'A ping, and if nothing answers it, GET /.well-known/core.',
					},
					{
						value: 'none',
						label: 'Send nothing',
						help: 'For devices that sleep: whether they can be reached is not known then.',
					},
				],
				help: 'UDP has no connection: only an answer proves that somebody is there.',
			},
			{
				key: 'pingInterval',
				label: 'Ping when quiet for',
				help: 'Only while something is observed, so that a dead server shows; a request shows by itself whether it is answered. Over DTLS always: a server that was started again keeps silent about the lost session. A server that answered no ping when connecting is not judged by them. 0: never.',
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
				help: 'Largest block to send; a server may ask for smaller ones. Below 1024 it is asked of the server as well.',
				type: 'choice',
				choices: blockSizes,
				default: 1024,
			},
			{
				key: 'nstart',
				label: 'Requests at once',
				help: 'NSTART of RFC 7252, 4.7: how many may wait for an acknowledgement. 1 spares small devices; further requests wait for their turn.',
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
				help: 'After the request was acknowledged; and the answer to a non-confirmable request, at most 10 s.',
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
				help: 'Sent with every request, where a server has several names. Empty: not sent, the address says it.',
				risk: { text: 'chooses another server behind the same address', when: { except: [] } },
				type: 'text',
				maxBytes: 255,
				advanced: true,
			},
		],
	},
	limits,
];

const accept: Field = {
	key: 'accept',
	label: 'Accept',
	help: 'The content format that is wanted, as a name or number.',
	type: 'text',
	suggest: formatNames,
};
const query: Field = {
	key: 'query',
	label: 'Query',
	help: 'Further Uri-Query options, each "name=value", after those in the resource.',
	type: 'list',
	advanced: true,
};
const extra: Field = {
	key: 'options',
	label: 'Further options',
	help: 'Number of the option and its value in hexadecimal, e.g. 2048 and 01ff. Sent as they are.',
	type: 'pairs',
	advanced: true,
};
const uriHost: Field = { key: 'uriHost', label: 'Uri-Host', type: 'text', maxBytes: 255, advanced: true };

/** Of a request with this verb. `body`: it carries a payload. */
export function requestFields(body: boolean): Field[] {
	const format: Field = {
		key: 'contentFormat',
		label: 'Content-Format',
		help: 'What the payload is, as a name or number.',
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
				{ value: 'con', label: 'Confirmable (CON)', help: 'Repeated until it is acknowledged, for about 93 s.' },
				{ value: 'non', label: 'Non-confirmable (NON)', help: 'Sent once; it may be lost.' },
			],
		},
		...(body ? [format] : []),
		accept,
		query,
		{
			key: 'ifMatch',
			label: 'If-Match',
			help: 'ETags in hexadecimal; an empty one means "if it exists".',
			type: 'list',
			advanced: true,
		},
		{
			key: 'ifNoneMatch',
			label: 'If-None-Match',
			help: 'Only if the resource does not exist yet.',
			type: 'boolean',
			default: false,
			advanced: true,
		},
		{
			key: 'etag',
			label: 'ETag',
			help: 'ETags in hexadecimal of what is known already: the server then answers 2.03 instead of sending it again.',
			type: 'list',
			advanced: true,
		},
		uriHost,
		{
			key: 'blockSize',
			label: 'Block size',
			help: 'As the connection says, unless it is chosen here.',
			type: 'choice',
			choices: [{ value: 0, label: 'as the connection says' }, ...blockSizes],
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
		help: 'All CoAP nodes: 224.0.1.187, ff02::fd in the link, ff05::fd in the site (RFC 7252, 12.8). An ordinary address works too.',
		type: 'text',
		default: '224.0.1.187',
		required: true,
		suggest: ['224.0.1.187', 'ff02::fd', 'ff05::fd'],
	},
	{ key: 'port', label: 'Port', type: 'number', integer: true, min: 1, max: 65_535, default: 5683 },
	{
		key: 'interface',
		label: 'Interface',
		help: 'The address of the network interface to send from, for IPv6 with its scope, e.g. ::%eth0. Empty: the system chooses.',
		type: 'text',
	},
	{
		key: 'path',
		label: 'Resource',
		type: 'text',
		default: '/.well-known/core',
		help: 'A query narrows it, e.g. /.well-known/core?rt=temperature.',
	},
	{
		key: 'seconds',
		label: 'Wait for answers',
		type: 'number',
		min: 1,
		max: 60,
		unit: 's',
		default: 5,
		help: 'Devices answer after a random pause, usually within 5 s (RFC 7252, 8.2).',
	},
	{
		key: 'ttl',
		label: 'Hops',
		help: '1 stays in this network.',
		type: 'number',
		integer: true,
		min: 1,
		max: 255,
		default: 1,
		advanced: true,
	},
];
