import type { Delivery } from 'rhea';
import type { Hold } from '../../../model/contracts/hold';
import type { Subscription } from '../../../model/profile/profile';
import { amqp1Flag } from '../describe/flags';
import type { Amqp1Mode } from '../describe/ids';
import type { ReceivingLink } from '../wire/attach';
import type { Copies, Keeping } from './copies';
import { creditOf } from './terms';

/** A subscription and its link. */
export interface Reception {
	address: string;
	mode: Amqp1Mode;
	/** Its messages are settled by `Link.settle`. */
	hold: Hold | undefined;
	/** Messages that may be on their way or wait for an outcome. */
	credit: number;
	link: ReceivingLink | undefined;
	/** Messages for which the server has credit. */
	coming: number;
	/** Messages that the server had settled when it sent them, so that they cannot be released. */
	lost: number;
	/** Messages that are held until all are released. */
	held: Delivery[];
	/** Messages that the user has not settled yet. */
	unsettled: number;
	/** Of a link that browses. */
	keeping: Keeping | undefined;
	/** Copies of a server that is not known to keep its messages. */
	copies: Copies | undefined;
	isOver: boolean;
	timer: ReturnType<typeof setTimeout> | undefined;
	subscriptions: readonly string[];
}

export const flagOf: Readonly<Record<Amqp1Mode, number>> = {
	browse: amqp1Flag.browsed,
	release: amqp1Flag.released,
	receive: amqp1Flag.held,
	consume: amqp1Flag.accepted,
};
const initialCredit: Readonly<Record<Amqp1Mode, number>> = { browse: 1000, release: 100, receive: 10, consume: 1000 };

export const createReception = (
	subscription: Subscription,
	id: string,
	mode: Amqp1Mode,
	hold: Hold | undefined,
): Reception => ({
	...{ address: subscription.target, mode, hold, subscriptions: [id] },
	credit: Math.min(creditOf(subscription, hold?.limit ?? initialCredit[mode]), hold?.limit ?? Number.POSITIVE_INFINITY),
	...{ link: undefined, held: [], unsettled: 0, coming: 0, lost: 0, keeping: undefined, copies: undefined },
	...{ isOver: false, timer: undefined },
});

/** How messages are received, as the user reads it. */
export const words = ({ mode, credit, keeping, hold }: Reception): string => {
	const limit = `credit ${credit.toLocaleString('en')}`;
	if (keeping === 'private') return `copies, from a queue of this connection, ${limit}`;
	if (keeping === 'promised') return `copies, as the server promises, ${limit}`;
	if (hold) return `accepting when processed, ${limit}`;
	return {
		browse: `browsing copies, ${limit}`,
		release: `at most ${credit.toLocaleString('en')} messages, released when no more arrive`,
		receive: `waiting for your outcome, ${limit}`,
		consume: `accepting: messages are removed, ${limit}`,
	}[mode];
};
