import type { Delivery } from '../../../model/checks/delivery';
import { amqp1Flag } from './flags';
import { deliveryCount } from './properties';

/** The delivery count of the header section (part 3, section 3.2.1). Not for copies, which deliver nothing. */
export const delivery: Delivery<Uint8Array> = {
	bits: amqp1Flag.redelivered,
	repeated(flags, meta) {
		if (!(flags & amqp1Flag.redelivered) || flags & amqp1Flag.browsed) return undefined;
		const count = deliveryCount(meta);
		return `Delivered before without success${count === undefined ? '' : ` (delivery ${count + 1})`}`;
	},
};
