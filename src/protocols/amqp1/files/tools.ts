import type { Tools } from '../../message-files';
import { pythonAmqp1 } from './python-program';
import { scriptAmqp1 } from './script-program';

/** Command lines of AMQP 1.0 differ from product to product, and none is in common use: none can be pasted. */
export const tools: Tools = {
	copies: [
		{ id: 'python', label: 'Python (python-qpid-proton)', language: 'python', write: pythonAmqp1 },
		{ id: 'javascript', label: 'JavaScript (rhea)', language: 'javascript', write: scriptAmqp1 },
	],
};
