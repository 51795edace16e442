import { cannotHold, type Holding } from '../../../model/contracts/hold';
import type { Subscription } from '../../../model/profile/profile';

const held: Holding = {
	...{ holds: true, repeats: true, survives: true },
	text: 'Each message is accepted after its outcome, or released. The server delivers messages without an outcome again when their link ends. Messages that it sends settled do not come again.',
};

export function holdingOf({ mode = 'browse' }: Subscription): Holding {
	if (mode === 'receive' || mode === 'consume') return held;
	return cannotHold(
		mode === 'release'
			? 'Messages of this mode are always released. Receive them to settle them one by one.'
			: 'Browsed messages stay at the server and are not settled. Receive them to settle them.',
	);
}
