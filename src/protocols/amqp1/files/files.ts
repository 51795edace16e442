import type { FileSupport } from '../../message-files';
import type { Amqp1Mode, Amqp1Verb } from '../describe/ids';

export const files: FileSupport<Amqp1Verb, Amqp1Mode> = {
	verbs: { REQUEST: 'request' },
	modes: { CONSUME: 'consume' },
	propertiesAsHeaders: true,
};
