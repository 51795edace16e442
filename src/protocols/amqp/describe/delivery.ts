import type { Delivery } from '../../../model/checks/delivery';
import { amqpFlag } from './flags';
import { deliveryCount } from './properties';

/**
 * The redelivered bit, with the count of a quorum queue. Not for a peek, which itself puts messages back, and not for the
 * firehose, whose copies are of deliveries to others.
 */
export const delivery: Delivery = {
	bits: amqpFlag.redelivered,
	repeated(flags, meta) {
		if (!(flags & amqpFlag.redelivered) || flags & (amqpFlag.peeked | amqpFlag.traced)) return undefined;
		const count = deliveryCount(meta);
		return `Redelivered by the broker${count === undefined ? '' : ` (delivery ${count + 1n})`}`;
	},
};
