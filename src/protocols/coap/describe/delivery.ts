import type { Delivery } from '../../../model/checks/delivery';
import { lateFlag } from './codes';

/** The adapter compares the Observe option of notifications; message ids that come again never reach the log. */
export const delivery: Delivery = {
	bits: lateFlag,
	late: (flags) =>
		flags & lateFlag ? 'A newer notification was received before it (RFC 7641, section 3.4)' : undefined,
};
