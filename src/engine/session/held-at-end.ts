import type { SubscriptionState } from '../../model/contracts/session';

/** What becomes of the held messages of a link that ends, for the log. */
export function heldAtEnd(count: number, subscriptions: readonly SubscriptionState[]): string {
	const survive = subscriptions.flatMap(({ holding }) => (holding?.holds ? [holding.survives] : []));
	const what = `${count.toLocaleString('en')} received ${count === 1 ? 'message was' : 'messages were'} not settled`;
	if (survive.length > 0 && !survive.includes(true)) return `${what} and will not come again.`;
	const where = survive.includes(false) ? ' where the peer keeps messages' : '';
	return `${what} and will be delivered again${where}.`;
}
