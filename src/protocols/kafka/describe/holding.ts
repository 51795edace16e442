import { cannotHold, type Holding } from '../../../model/contracts/hold';
import type { Subscription } from '../../../model/profile/profile';

const held: Holding = {
	...{ holds: true, repeats: true, survives: true },
	text: 'The position of each partition is committed up to the first message without an outcome. From there on the group reads again after the connection has ended or its partitions were divided anew, also what was settled behind it.',
};

export function holdingOf({ mode = 'read' }: Subscription): Holding {
	if (mode === 'group') return held;
	return cannotHold('Reading without a consumer group commits nothing, so a message is not delivered again.');
}
