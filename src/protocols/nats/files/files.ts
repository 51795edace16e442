import type { FileSupport } from '../../message-files';
import { statusOf } from '../describe/flags';
import type { NatsMode, NatsVerb } from '../describe/ids';
import { answer, resend, values } from './logged';

export const files: FileSupport<NatsVerb, NatsMode> = {
	verbs: { REQUEST: 'request' },
	modes: { CONSUME: 'consume' },
	aliases: { messageId: ['Nats-Msg-Id'], reply: ['Reply-To'] },
	values,
	received: ['stream', 'sequence', 'consumer', 'delivered'],
	propertiesAsHeaders: true,
	code: statusOf,
	resend,
	answer,
	tools: {
		commands: ['nats'],
		load: async () => (await import('./tools')).tools,
	},
};
