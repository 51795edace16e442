import type { FileSupport } from '../../message-files';
import type { KafkaMode, KafkaVerb } from '../describe/ids';
import { resend, values } from './logged';

export const files: FileSupport<KafkaVerb, KafkaMode> = {
	modes: { CONSUME: 'read' },
	values,
	resend,
};
