import type { Delivery } from '../../../model/checks/delivery';
import { duplicateFlag } from './flags';

/** DUP of the fixed header (MQTT 5, section 3.3.1.1). Packet ids are used again, so they tell nothing. */
export const delivery: Delivery<Uint8Array> = {
	bits: duplicateFlag,
	repeated: (flags) =>
		flags & duplicateFlag ? 'Sent again by the broker (DUP), because it had received no acknowledgement' : undefined,
};
