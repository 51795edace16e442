import type { Tools } from '../../message-files';
import type { Sketch } from '../../shared/commands/sketch';
import { readAmqpPublish, writeAmqpPublish } from './amqp-publish';
import { hasAmqpProgram, pythonAmqp, scriptAmqp } from './programs';

const onlyPrograms = (write: (sketch: Sketch) => string | undefined) => (sketch: Sketch) =>
	hasAmqpProgram(sketch) ? write(sketch) : undefined;

export const tools: Tools = {
	copies: [
		{
			id: 'amqp',
			label: 'amqp-publish',
			language: 'shellscript',
			write: onlyPrograms((sketch) => (sketch.verb === 'PUBLISH' ? writeAmqpPublish(sketch) : undefined)),
		},
		{ id: 'python', label: 'Python (pika)', language: 'python', write: onlyPrograms(pythonAmqp) },
		{ id: 'javascript', label: 'JavaScript (amqplib)', language: 'javascript', write: onlyPrograms(scriptAmqp) },
	],
	read: readAmqpPublish,
};
