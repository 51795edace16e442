import type { FileSupport } from '../../message-files';
import type { AmqpMode, AmqpVerb } from '../describe/ids';
import { form } from './httpyac';
import { answer, resend, values } from './logged';

export const files: FileSupport<AmqpVerb, AmqpMode> = {
	words: [
		{
			name: 'AMQP',
			action: 'form',
			help: "httpYac's form: a URL, and headers that start with amqp_.",
			bareUrls: ['amqp', 'amqps'],
			url: { required: true, scheme: 'amqp' },
			form,
		},
	],
	verbs: { REQUEST: 'request' },
	modes: { CONSUME: 'consume' },
	values,
	propertiesAsHeaders: true,
	resend,
	answer,
	tools: {
		commands: ['amqp-publish'],
		load: async () => (await import('./tools')).tools,
	},
};
