import type { Tools } from '../../message-files';
import { pythonSocketIo, scriptSocketIo } from './programs';

/** No command line of Socket.IO is in common use, so that none can be pasted. */
export const tools: Tools = {
	copies: [
		{ id: 'python', label: 'Python (python-socketio)', language: 'python', write: pythonSocketIo },
		{ id: 'javascript', label: 'JavaScript (socket.io-client)', language: 'javascript', write: scriptSocketIo },
	],
};
