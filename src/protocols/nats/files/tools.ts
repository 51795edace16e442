import type { Tools } from '../../message-files';
import { readNats } from './command-lines';
import { pythonNats, scriptNats } from './programs';
import { writeCommand, writeKeyValue, writeStream, writeWatch } from './write-command';

export const tools: Tools = {
	copies: [
		{ id: 'nats', label: 'nats', language: 'shellscript', write: writeCommand },
		{ id: 'kv', label: 'nats kv', language: 'shellscript', write: writeKeyValue },
		{ id: 'kv', label: 'nats kv', language: 'shellscript', write: writeWatch },
		{ id: 'stream', label: 'nats stream', language: 'shellscript', write: writeStream },
		{ id: 'python', label: 'Python (nats-py)', language: 'python', write: pythonNats },
		{ id: 'javascript', label: 'JavaScript (@nats-io/transport-node)', language: 'javascript', write: scriptNats },
	],
	read: readNats,
};
