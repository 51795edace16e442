import { withDeadline } from '../../base/deadline';
import { type Failure, FailureError, fail, toFailure } from '../../base/failure';
import type { SubscriptionState } from '../../model/contracts/session';
import type { Subscription } from '../../model/profile/profile';
import type { Link, SubscriptionChange } from '../../protocols/adapter';
import type { Mode } from '../../protocols/description';

/** How long a peer may take to answer, in milliseconds. */
const answerWithin = 12_000;

/** What the user wants to receive, kept across links, and how each stands on the present one. */
export interface Subscriptions {
	readonly states: SubscriptionState[];
	/** Subscriptions of the profile that are not known yet are wanted from now on, but for those that only a user may start. */
	want(subscriptions: readonly Subscription[]): void;
	/**
	 * Asks the link for everything that is wanted; failures stay with their subscription. Those that were unanswered when
	 * an earlier link was cut are asked one at a time, to find the one at which it is cut; that one is not asked any more.
	 */
	restore(link: Link): Promise<void>;
	/** Throws the refusal, and keeps it with the subscription. Also asks again for one at which a link was cut. */
	add(link: Link, subscription: Subscription): Promise<SubscriptionState>;
	remove(link: Link | undefined, subscription: Subscription): Promise<void>;
	/** What the peer has changed about one that is active. */
	change(id: string, change: SubscriptionChange): void;
	/** The link has gone, for this reason if it was not closed by us: nothing is active any more. */
	lost(failure?: Failure): void;
}

export interface SubscriptionsOptions {
	modes?: readonly Mode[];
	/** `description.subscription.identity`. */
	identity?(subscription: Subscription): string;
	note(text: string, bad?: boolean): void;
	changed(): void;
	/** The peer has ended one that was active. */
	ended?(subscription: Subscription, failure: Failure): void;
}

export function createSubscriptions({ modes, identity, note, changed, ended }: SubscriptionsOptions): Subscriptions {
	const wanted = new Map<string, SubscriptionState>();
	/** Of subscriptions that the present link has not answered yet. */
	const unanswered = new Set<string>();
	/** Unanswered when a link ended, and not answered since. */
	const suspects = new Set<string>();
	/** A link was cut while only this one was unanswered: asked again only by the user. */
	const blamed = new Set<string>();
	let links = 0;
	const keyOf = identity ?? (({ target, mode = modes?.[0]?.id }: Subscription) => JSON.stringify([target, mode]));
	const modeOf = ({ mode }: Subscription) => (mode === undefined ? modes?.[0] : modes?.find(({ id }) => id === mode));

	async function ask(link: Link, subscription: Subscription): Promise<SubscriptionState> {
		const key = keyOf(subscription);
		const set = (state: SubscriptionState) => {
			// Removed or replaced meanwhile: the answer belongs to nobody.
			if (wanted.get(key)?.subscription === subscription) wanted.set(key, state);
			changed();
			return state;
		};
		const own = links;
		const answered = () => {
			unanswered.delete(key);
			suspects.delete(key);
		};
		set({ id: key, subscription, state: 'pending' });
		unanswered.add(key);
		try {
			if (!link.subscribe) throw fail('cannot-subscribe', 'This protocol receives everything without subscribing.');
			if (modes && !modeOf(subscription))
				throw fail('bad-mode', `There is no way to receive named "${subscription.mode}".`);
			const { target } = subscription;
			const granted = await withDeadline(link.subscribe(subscription, key), answerWithin, () =>
				fail('no-answer', `No answer came to the subscription to "${target}" within ${answerWithin / 1000} s.`),
			);
			if (own !== links) throw fail('link-lost', `The connection ended while "${target}" was being subscribed to.`);
			answered();
			const now = wanted.get(key);
			// The peer has granted it and ended it in one piece of the stream.
			if (now?.subscription === subscription && now.failure) throw new FailureError(now.failure);
			return set({ id: key, subscription, state: 'active', ...granted });
		} catch (error) {
			// An adapter rejects what is open before it reports the end of its link: that is no answer.
			await new Promise((resolve) => setImmediate(resolve));
			if (own === links) {
				answered();
				set({ id: key, subscription, state: 'refused', failure: toFailure(error) });
			}
			throw error;
		}
	}

	/** The peer may end a link because of a subscription, as AWS IoT does with what is not allowed. */
	function suspect(failure: Failure): void {
		const [first] = unanswered;
		// A link that has only fallen silent is no proof: the network may have gone at that moment.
		const isProof = unanswered.size === 1 && (failure.code !== 'silent' || suspects.has(first ?? ''));
		for (const key of unanswered) suspects.add(key);
		const had = wanted.get(first ?? '');
		if (!isProof || first === undefined || !had) return;
		suspects.delete(first);
		blamed.add(first);
		const { subscription } = had;
		const message = `The connection ended while the subscription to "${subscription.target}" was unanswered, so it is not asked for again by itself.`;
		const evidence = [failure.message, failure.evidence].filter(Boolean).join(' ');
		const remedy = { text: 'Check whether this user may subscribe to it, and subscribe again to retry.' };
		wanted.set(first, {
			id: first,
			subscription,
			state: 'refused',
			failure: { code: 'link-cut', message, evidence, remedy },
		});
		note(message, true);
	}

	return {
		get states() {
			return [...wanted.values()];
		},
		want(subscriptions) {
			for (const subscription of subscriptions) {
				const mode = modeOf(subscription);
				if (blamed.has(keyOf(subscription))) continue;
				if (mode?.intrusive)
					note(`"${subscription.target}" was not started by itself. ${mode.label}: ${mode.sideEffect}`, true);
				else wanted.set(keyOf(subscription), { id: keyOf(subscription), subscription, state: 'pending' });
			}
		},
		async restore(link) {
			const own = links;
			const all = [...wanted].filter(([key]) => !blamed.has(key));
			const inTurn = all.filter(([key]) => suspects.has(key));
			const others = all.filter(([key]) => !suspects.has(key));
			await Promise.allSettled(others.map(([, { subscription }]) => ask(link, subscription)));
			for (const [key, { subscription }] of inTurn)
				if (own === links && wanted.get(key)?.subscription === subscription)
					await ask(link, subscription).catch(() => {});
		},
		add(link, subscription) {
			const key = keyOf(subscription);
			blamed.delete(key);
			wanted.set(key, { id: key, subscription, state: 'pending' });
			return ask(link, subscription);
		},
		async remove(link, given) {
			const key = keyOf(given);
			const had = wanted.get(key);
			wanted.delete(key);
			for (const keys of [unanswered, suspects, blamed]) keys.delete(key);
			changed();
			if (had?.state === 'active') await link?.unsubscribe?.(had.subscription, key);
		},
		change(key, { failure, ...change }) {
			const had = wanted.get(key);
			if (!had) return;
			wanted.set(
				key,
				failure ? { id: key, subscription: had.subscription, state: 'refused', failure } : { ...had, ...change },
			);
			if (failure) {
				note(failure.evidence ? `${failure.message} (${failure.evidence})` : failure.message, true);
				if (had.state === 'active') ended?.(had.subscription, failure);
			}
			changed();
		},
		lost(failure) {
			links++;
			if (failure && !failure.final) suspect(failure);
			unanswered.clear();
			for (const [key, { subscription }] of wanted)
				if (!blamed.has(key)) wanted.set(key, { id: key, subscription, state: 'pending' });
		},
	};
}
