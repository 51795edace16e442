import { cannotHold } from '../../../model/contracts/hold';
import type { Mode, ProtocolDescription } from '../../description';
import { files } from '../files/files';
import { actions } from './actions';
import { comparison } from './comparison';
import { delivery } from './delivery';
import { observeFields, profileFields } from './fields';
import type { CoapMode } from './ids';
import { presets } from './presets';
import { coapContentType, coapProperties, codeColumn, type LoggedMeta, typeText } from './properties';
import { checkTarget } from './target';
import { verbs } from './verbs';

/** Milliseconds that a whole request may take, including all its blocks. */
export const requestWithin = 600_000;

export const coap: ProtocolDescription<LoggedMeta> = {
	id: 'coap',
	label: 'CoAP',
	summary: 'Request and observe resources on constrained devices over UDP or DTLS (RFC 7252).',
	schemes: [
		{ scheme: 'coap', defaultPort: 5683, tls: false },
		{ scheme: 'coaps', defaultPort: 5684, tls: true },
	],
	urlPlaceholder: 'coap://192.0.2.7',
	words: {
		target: 'resource',
		targets: 'resources',
		subscribe: 'Observe',
		unsubscribe: 'Stop observing',
		send: 'Send',
		message: 'message',
		messages: 'messages',
		empty: 'Nothing has arrived yet. Send a GET, or observe one of the resources that the server lists.',
	},
	separator: '/',
	presets,
	profile: profileFields,
	subscription: {
		placeholder: 'sensors/temp',
		fields: observeFields,
		check: checkTarget,
		holds: () =>
			cannotHold(
				'A confirmable notification is acknowledged when it arrives, and the server goes on with the next state of the resource: it does not send one again that was not processed.',
			),
		sideEffect: 'The server lists this client as an observer of the resource until you stop observing.',
		suggest: [],
		modes: [
			{
				id: 'observe',
				label: 'Observe',
				icon: 'eye',
				placeholder: 'sensors/temp',
				sideEffect:
					'The server lists this client as an observer of the resource and sends each change. The registration is renewed before the value expires, and removed when you stop.',
			},
		] satisfies readonly Mode<CoapMode>[],
	},
	browse: {
		label: 'Resources',
		kinds: {
			path: { label: 'Path', icon: 'folder' },
			resource: { label: 'Resource', icon: 'symbol-field' },
			observable: { label: 'Observable resource', icon: 'eye' },
			elsewhere: { label: 'Resource of another server', icon: 'link-external' },
		},
	},
	actions,
	receiptWithin: requestWithin,
	verbs,
	columns: [
		{ id: 'code', label: 'Code', title: 'Method of a request, code of a response', width: 6, text: codeColumn },
		{
			id: 'type',
			label: 'Type',
			title: 'CON: confirmable, NON: non-confirmable, ACK: with the acknowledgement, RST: reset',
			width: 4,
			text: typeText,
		},
	],
	delivery,
	properties: coapProperties,
	files,
	comparison,
	contentType: coapContentType,
};
