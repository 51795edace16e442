import type { Tools } from '../../message-files';
import { readSocketTool, writeWebsocat, writeWscat } from './command-lines';
import { pythonWebSocket, scriptWebSocket } from './programs';

export const tools: Tools = {
	copies: [
		{ id: 'wscat', label: 'wscat', language: 'shellscript', write: writeWscat },
		{ id: 'websocat', label: 'websocat', language: 'shellscript', write: writeWebsocat },
		{ id: 'python', label: 'Python (websockets)', language: 'python', write: pythonWebSocket },
		{ id: 'javascript', label: 'JavaScript (ws)', language: 'javascript', write: scriptWebSocket },
	],
	read: readSocketTool,
};
