import type { Mode, ProtocolDescription, Verb } from '../../description';
import { files } from '../files/files';
import { actions } from './actions';
import { checkAddress } from './address';
import { comparison } from './comparison';
import { delivery } from './delivery';
import {
	browseFields,
	consumeFields,
	profileFields,
	receiveFields,
	releaseFields,
	requestFields,
	sendFields,
} from './fields';
import { amqp1Flag } from './flags';
import { holdingOf } from './holding';
import type { Amqp1Mode, Amqp1Verb } from './ids';
import { secretNeeded } from './login';
import { presets } from './presets';
import { contentEncoding, contentType, messageProperties } from './properties';

export const amqp1: ProtocolDescription = {
	id: 'amqp1',
	label: 'AMQP 1.0',
	server: 'an AMQP 1.0 server',
	summary:
		'Addresses of ActiveMQ, Artemis, Qpid, Azure Service Bus, RabbitMQ and other AMQP 1.0 servers, over TCP, TLS or WebSocket.',
	schemes: [
		{ scheme: 'amqp', defaultPort: 5672, tls: false },
		{ scheme: 'amqps', defaultPort: 5671, tls: true },
		{ scheme: 'ws', defaultPort: 80, tls: false },
		{ scheme: 'wss', defaultPort: 443, tls: true },
	],
	urlPlaceholder: 'amqp://localhost:5672',
	client: 'containerId',
	words: {
		target: 'address',
		targets: 'addresses',
		subscribe: 'Receive',
		unsubscribe: 'Stop receiving',
		send: 'Send',
		message: 'message',
		messages: 'messages',
		empty: 'No messages yet. Browse an address to see copies of its messages, where the server keeps them.',
	},
	presets,
	profile: profileFields,
	secretNeeded,
	subscription: {
		placeholder: 'orders',
		fields: [],
		check: checkAddress,
		holds: holdingOf,
		sideEffect: 'Depends on the mode.',
		suggest: [],
		modes: [
			{
				id: 'browse',
				label: 'Browse',
				icon: 'eye',
				placeholder: 'orders',
				sideEffect:
					'Receives copies; the server keeps the messages. Refused before anything is read where the server does not grant it or is not known to keep them.',
				fields: browseFields,
			},
			{
				id: 'release',
				label: 'Receive and Release',
				icon: 'discard',
				placeholder: 'orders',
				sideEffect:
					'Takes messages and puts all of them back. Others do not get them meanwhile, their order may change, and some servers count it as a delivery.',
				intrusive: true,
				fields: releaseFields,
			},
			{
				id: 'receive',
				label: 'Receive and Settle',
				menu: 'Receive',
				icon: 'inbox',
				placeholder: 'orders',
				sideEffect:
					'Takes messages, for each of which you decide: accept, release, reject or modify. Others do not get them meanwhile; those that are not settled go back at the end.',
				intrusive: true,
				fields: receiveFields,
			},
			{
				id: 'consume',
				label: 'Receive and Accept',
				icon: 'check-all',
				placeholder: 'orders',
				sideEffect: 'Removes messages from the address; other receivers do not get them.',
				intrusive: true,
				fields: consumeFields,
			},
		] satisfies readonly Mode<Amqp1Mode>[],
	},
	browse: {
		label: 'Addresses',
		kinds: { address: { label: 'Address', icon: 'inbox' } },
	},
	actions,
	verbs: [
		{
			id: 'send',
			label: 'Send',
			target: 'required',
			targetPlaceholder: 'orders',
			checkTarget: checkAddress,
			fields: sendFields,
			proves:
				'The server gives an outcome: accepted; rejected, with its condition and description; released or modified, which mean that it did not take the message. A message that is sent settled has no outcome.',
		},
		{
			id: 'request',
			label: 'Send Request',
			target: 'required',
			targetPlaceholder: 'rpc.prices',
			checkTarget: checkAddress,
			fields: requestFields,
			proves:
				'Sent with a reply address that the server makes for this connection, or with the one in "Reply to". The receipt has the answer and the round trip, or says that no answer arrived in time.',
		},
	] satisfies readonly Verb<Amqp1Verb>[],
	columns: [
		{
			id: 'redelivered',
			label: 'R',
			icon: 'history',
			title: 'Delivered before without success',
			width: 1,
			text: (flags) => (flags & amqp1Flag.redelivered ? 'R' : ''),
		},
		{
			id: 'durable',
			label: 'D',
			icon: 'database',
			title: 'Durable',
			width: 1,
			text: (flags) => (flags & amqp1Flag.durable ? 'D' : ''),
		},
		{
			id: 'read',
			label: 'Read',
			title: 'How it was received: browsed, released, held for your outcome, accepted, or as an answer',
			width: 8,
			text: (flags) =>
				flags & amqp1Flag.browsed
					? 'browsed'
					: flags & amqp1Flag.released
						? 'released'
						: flags & amqp1Flag.accepted
							? 'accepted'
							: flags & amqp1Flag.reply
								? 'answer'
								: '',
		},
	],
	delivery,
	properties: messageProperties,
	files,
	comparison,
	contentType,
	contentEncoding,
};
