import type { Tools } from '../../message-files';
import { readCoapClient, writeCoapClient } from './coap-client';
import { pythonCoap, scriptCoap } from './programs';

export const tools: Tools = {
	copies: [
		{ id: 'coap', label: 'coap-client', language: 'shellscript', write: writeCoapClient },
		{ id: 'python', label: 'Python (aiocoap)', language: 'python', write: pythonCoap },
		{ id: 'javascript', label: 'JavaScript (coap)', language: 'javascript', write: scriptCoap },
	],
	// Distributions add the TLS library that the command is built with.
	readers: {
		'coap-client': readCoapClient,
		'coap-client-openssl': readCoapClient,
		'coap-client-gnutls': readCoapClient,
		'coap-client-notls': readCoapClient,
	},
};
