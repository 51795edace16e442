import type { FileSupport } from '../../message-files';
import type { Amqp1Mode, Amqp1Verb } from '../describe/ids';
import { answer, resend, values } from './logged';

export const files: FileSupport<Amqp1Verb, Amqp1Mode> = {
	verbs: { REQUEST: 'request' },
	modes: { CONSUME: 'consume' },
	aliases: {
		annotations: ['message-annotations'],
		properties: ['application-properties'],
		expires: ['absolute-expiry-time'],
		created: ['creation-time'],
	},
	values,
	propertiesAsHeaders: true,
	resend,
	answer,
	tools: {
		commands: [],
		load: async () => (await import('./tools')).tools,
	},
};
