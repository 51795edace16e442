import { withDeadline } from '../base/deadline';
import { fail, toFailure } from '../base/failure';
import type { Subscription } from '../model/profile';
import type { SubscriptionState } from '../model/session';
import type { Link } from '../protocols/adapter';

/** How long a peer may take to answer, in milliseconds. */
const answerWithin = 12_000;

/** What the user wants to receive, kept across links, and how each stands on the present one. */
export interface Subscriptions {
	readonly states: SubscriptionState[];
	/** Subscriptions of the profile that are not known yet are wanted from now on. */
	want(subscriptions: readonly Subscription[]): void;
	/** Asks the link for everything that is wanted; failures stay with their subscription. */
	restore(link: Link): Promise<void>;
	/** Throws the refusal, and keeps it with the subscription. */
	add(link: Link, subscription: Subscription): Promise<SubscriptionState>;
	remove(link: Link | undefined, target: string): Promise<void>;
	/** The link has gone: nothing is active any more. */
	lost(): void;
}

export function createSubscriptions(changed: () => void): Subscriptions {
	const wanted = new Map<string, SubscriptionState>();

	async function ask(link: Link, subscription: Subscription): Promise<SubscriptionState> {
		const { target } = subscription;
		const set = (state: SubscriptionState) => {
			// Removed or replaced meanwhile: the answer belongs to nobody.
			if (wanted.get(target)?.subscription === subscription) wanted.set(target, state);
			changed();
			return state;
		};
		set({ subscription, state: 'pending' });
		try {
			if (!link.subscribe) throw fail('cannot-subscribe', 'This protocol receives everything without subscribing.');
			const granted = await withDeadline(link.subscribe(subscription), answerWithin, () =>
				fail('no-answer', `No answer came to the subscription to "${target}" within ${answerWithin / 1000} s.`),
			);
			return set({ subscription, state: 'active', ...granted });
		} catch (error) {
			set({ subscription, state: 'refused', failure: toFailure(error) });
			throw error;
		}
	}

	return {
		get states() {
			return [...wanted.values()];
		},
		want(subscriptions) {
			for (const subscription of subscriptions) wanted.set(subscription.target, { subscription, state: 'pending' });
		},
		async restore(link) {
			await Promise.allSettled([...wanted.values()].map(({ subscription }) => ask(link, subscription)));
		},
		add(link, subscription) {
			wanted.set(subscription.target, { subscription, state: 'pending' });
			return ask(link, subscription);
		},
		async remove(link, target) {
			const had = wanted.get(target);
			wanted.delete(target);
			changed();
			if (had?.state === 'active') await link?.unsubscribe?.(target);
		},
		lost() {
			for (const [target, { subscription }] of wanted) wanted.set(target, { subscription, state: 'pending' });
		},
	};
}
