import type { FileSupport } from '../../message-files';
import { isUrgent } from '../describe/flags';
import type { SampleVerb } from '../describe/ids';

export const files: FileSupport<SampleVerb, never> = {
	values: (flags) => ({ values: { urgent: isUrgent(flags) } }),
	resend: ({ flags }) => ({ values: { urgent: isUrgent(flags) } }),
};
