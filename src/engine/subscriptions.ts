import { withDeadline } from '../base/deadline';
import { type Failure, FailureError, fail, toFailure } from '../base/failure';
import type { Subscription } from '../model/profile';
import type { SubscriptionState } from '../model/session';
import type { Link, SubscriptionChange } from '../protocols/adapter';
import type { Mode } from '../protocols/description';

/** How long a peer may take to answer, in milliseconds. */
const answerWithin = 12_000;

type Key = Pick<Subscription, 'target' | 'mode'>;

/** What the user wants to receive, kept across links, and how each stands on the present one. */
export interface Subscriptions {
	readonly states: SubscriptionState[];
	/** Subscriptions of the profile that are not known yet are wanted from now on, but for those that only a user may start. */
	want(subscriptions: readonly Subscription[]): void;
	/** Asks the link for everything that is wanted; failures stay with their subscription. */
	restore(link: Link): Promise<void>;
	/** Throws the refusal, and keeps it with the subscription. */
	add(link: Link, subscription: Subscription): Promise<SubscriptionState>;
	remove(link: Link | undefined, key: Key): Promise<void>;
	/** What the peer has changed about one that is active. */
	change(key: Key, change: SubscriptionChange): void;
	/** The link has gone: nothing is active any more. */
	lost(): void;
}

export interface SubscriptionsOptions {
	modes?: readonly Mode[];
	note(text: string, bad?: boolean): void;
	changed(): void;
	/** The peer has ended one that was active. */
	ended?(subscription: Subscription, failure: Failure): void;
}

export function createSubscriptions({ modes, note, changed, ended }: SubscriptionsOptions): Subscriptions {
	const wanted = new Map<string, SubscriptionState>();
	const keyOf = ({ target, mode = modes?.[0]?.id }: Key) => JSON.stringify([target, mode]);
	const modeOf = ({ mode }: Key) => (mode === undefined ? modes?.[0] : modes?.find(({ id }) => id === mode));

	async function ask(link: Link, subscription: Subscription): Promise<SubscriptionState> {
		const key = keyOf(subscription);
		const set = (state: SubscriptionState) => {
			// Removed or replaced meanwhile: the answer belongs to nobody.
			if (wanted.get(key)?.subscription === subscription) wanted.set(key, state);
			changed();
			return state;
		};
		set({ subscription, state: 'pending' });
		try {
			if (!link.subscribe) throw fail('cannot-subscribe', 'This protocol receives everything without subscribing.');
			if (modes && !modeOf(subscription))
				throw fail('bad-mode', `There is no way to receive named "${subscription.mode}".`);
			const { target } = subscription;
			const granted = await withDeadline(link.subscribe(subscription), answerWithin, () =>
				fail('no-answer', `No answer came to the subscription to "${target}" within ${answerWithin / 1000} s.`),
			);
			const now = wanted.get(key);
			// The peer has granted it and ended it in one piece of the stream.
			if (now?.subscription === subscription && now.failure) throw new FailureError(now.failure);
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
			for (const subscription of subscriptions) {
				const mode = modeOf(subscription);
				if (mode?.intrusive)
					note(`"${subscription.target}" was not started by itself. ${mode.label}: ${mode.sideEffect}`, true);
				else wanted.set(keyOf(subscription), { subscription, state: 'pending' });
			}
		},
		async restore(link) {
			await Promise.allSettled([...wanted.values()].map(({ subscription }) => ask(link, subscription)));
		},
		add(link, subscription) {
			wanted.set(keyOf(subscription), { subscription, state: 'pending' });
			return ask(link, subscription);
		},
		async remove(link, given) {
			const key = keyOf(given);
			const had = wanted.get(key);
			wanted.delete(key);
			changed();
			if (had?.state === 'active') await link?.unsubscribe?.(had.subscription);
		},
		change(given, { failure, ...change }) {
			const key = keyOf(given);
			const had = wanted.get(key);
			if (!had) return;
			wanted.set(key, failure ? { subscription: had.subscription, state: 'refused', failure } : { ...had, ...change });
			if (failure) {
				note(failure.evidence ? `${failure.message} (${failure.evidence})` : failure.message, true);
				if (had.state === 'active') ended?.(had.subscription, failure);
			}
			changed();
		},
		lost() {
			for (const [key, { subscription }] of wanted) wanted.set(key, { subscription, state: 'pending' });
		},
	};
}
