import type { Tools } from '../../message-files';
import type { Message, Sketch } from '../../shared/commands/sketch';
import { readConsoleTool, writeConsoleConsumer, writeConsoleProducer } from './console-tools';
import { readKcat, writeKcatConsume, writeKcatProduce } from './kcat';
import { pythonKafka, scriptKafka } from './programs';
import { receives } from './record';

const sending = (write: (sketch: Sketch) => string | undefined) => (sketch: Sketch) =>
	receives(sketch) ? undefined : write(sketch);
const reading = (write: (sketch: Sketch) => string | undefined) => (sketch: Sketch) =>
	receives(sketch) ? write(sketch) : undefined;

export const tools: Tools = {
	copies: [
		{ id: 'kcat', label: 'kcat', language: 'shellscript', write: sending(writeKcatProduce) },
		{ id: 'kcat', label: 'kcat', language: 'shellscript', write: reading(writeKcatConsume) },
		{ id: 'console', label: 'kafka-console-producer', language: 'shellscript', write: sending(writeConsoleProducer) },
		{ id: 'console', label: 'kafka-console-consumer', language: 'shellscript', write: reading(writeConsoleConsumer) },
		{ id: 'python', label: 'Python (confluent-kafka)', language: 'python', write: pythonKafka },
		{ id: 'javascript', label: 'JavaScript (kafkajs)', language: 'javascript', write: scriptKafka },
	],
	read: (words: string[], input?: Message) =>
		/kafka-console-/.test(words[0] ?? '') ? readConsoleTool(words, input) : readKcat(words, input),
};
