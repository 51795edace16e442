import type { Tools } from '../../message-files';
import { pythonXmpp, scriptXmpp } from './programs';

export const tools: Tools = {
	copies: [
		{ id: 'python', label: 'Python (slixmpp)', language: 'python', write: pythonXmpp },
		{ id: 'javascript', label: 'JavaScript (@xmpp/client)', language: 'javascript', write: scriptXmpp },
	],
};
