import type { FileSupport } from '../../message-files';
import { type Method, methods } from '../describe/codes';
import type { CoapMode, CoapVerb } from '../describe/ids';
import { codeColumn } from '../describe/properties';
import { resend } from './logged';

export const files: FileSupport<CoapVerb, CoapMode> = {
	words: (Object.keys(methods) as Method[]).map((verb) => ({
		name: verb.toUpperCase(),
		action: 'request',
		help: `CoAP ${verb.toUpperCase()}`,
		verb,
		...(verb === 'get' && { bareUrls: ['coap', 'coaps'] }),
	})),
	modes: { OBSERVE: 'observe' },
	propertiesAsHeaders: true,
	code: codeColumn,
	resend,
	tools: {
		// Distributions add the TLS library that the command is built with.
		commands: ['coap-client', 'coap-client-openssl', 'coap-client-gnutls', 'coap-client-notls'],
		load: async () => (await import('./tools')).tools,
	},
};
