import type { Tools } from '../../message-files';
import { readCoapClient, writeCoapClient } from './coap-client';
import { pythonCoap, scriptCoap } from './programs';

export const tools: Tools = {
	copies: [
		{ id: 'coap', label: 'coap-client', language: 'shellscript', write: writeCoapClient },
		{ id: 'python', label: 'Python (aiocoap)', language: 'python', write: pythonCoap },
		{ id: 'javascript', label: 'JavaScript (coap)', language: 'javascript', write: scriptCoap },
	],
	read: readCoapClient,
};
