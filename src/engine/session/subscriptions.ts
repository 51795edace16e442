import { withDeadline } from '../../base/deadline';
import { type Failure, FailureError, fail, toFailure } from '../../base/failure';
import { type Hold, type Holding, unacknowledged } from '../../model/contracts/hold';
import type { SubscriptionState } from '../../model/contracts/session';
import { type Subscription, subscriptionId } from '../../model/profile/profile';
import type { Link, SubscriptionChange } from '../../protocols/adapter';
import type { Mode } from '../../protocols/description';

/** Time limit for the peer's answer, in milliseconds. */
const answerWithin = 12_000;
/** Maximum number of finished subscriptions that are remembered. */
const maxFinished = 100;

/** The wanted subscriptions, kept across links, and their state on the current link. */
export interface Subscriptions {
	readonly states: SubscriptionState[];
	/** Those that have brought everything they were asked for since they were last wanted; the latest hundred. */
	readonly finished: SubscriptionState[];
	/** Those that hold their messages. */
	readonly holding: { id: string; subscription: Subscription }[];
	/** Adds the profile's subscriptions, except intrusive ones, which only the user may start. */
	want(subscriptions: readonly Subscription[]): void;
	/**
	 * Subscribes to everything wanted; failures are kept with their subscription. Subscriptions that were unanswered
	 * when an earlier link was cut are tried one at a time, to find the one that causes it; that one is not tried again
	 * automatically.
	 */
	restore(link: Link): Promise<void>;
	/** Throws the refusal and keeps it with the subscription. Also retries one that caused the end of a link. */
	add(link: Link, subscription: Subscription, hold?: Hold): Promise<SubscriptionState>;
	remove(link: Link | undefined, subscription: Subscription): Promise<void>;
	/** Applies a change by the peer. */
	change(id: string, change: SubscriptionChange): void;
	/** The link has ended; `failure` is its reason unless this side closed it. */
	lost(failure?: Failure): void;
}

export interface SubscriptionsOptions {
	modes?: readonly Mode[];
	/** `description.subscription.identity`. */
	identity?(subscription: Subscription): string;
	/** `description.subscription.holds` for the profile. */
	holdingOf?(subscription: Subscription): Holding;
	note(text: string, bad?: boolean): void;
	changed(): void;
	/** Called when the peer has ended an active subscription. */
	ended?(subscription: Subscription, failure: Failure): void;
}

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
	const { modes, identity, note, changed, ended, holdingOf = () => unacknowledged } = options;
	/** Subscriptions that hold their messages, by id; they do so across links. */
	const holds = new Map<string, Hold>();
	const wanted = new Map<string, SubscriptionState>();
	const done = new Map<string, SubscriptionState>();
	/** Ids without an answer on the current link. */
	const unanswered = new Set<string>();
	/** Ids that were unanswered when a link ended and have not been answered since. */
	const suspects = new Set<string>();
	/** Ids that caused the end of a link; only the user may retry them. */
	const blamed = new Set<string>();
	let links = 0;
	const keyOf = subscriptionId({ modes, identity });
	const modeOf = ({ mode }: Subscription) => (mode === undefined ? modes?.[0] : modes?.find(({ id }) => id === mode));

	async function ask(link: Link, subscription: Subscription): Promise<SubscriptionState> {
		const key = keyOf(subscription);
		const hold = holds.get(key);
		const holding = hold && holdingOf(subscription);
		const set = (next: SubscriptionState) => {
			const state = { ...(holding && { holding }), ...next };
			// Ignore the answer if the subscription was removed or replaced meanwhile.
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
			if (modes && !modeOf(subscription)) throw fail('bad-mode', `There is no mode "${subscription.mode}".`);
			const { target } = subscription;
			const granted = await withDeadline(
				link.subscribe(subscription, key, holding?.holds ? hold : undefined),
				answerWithin,
				() => fail('no-answer', `The subscription to "${target}" was not answered within ${answerWithin / 1000} s.`),
			);
			if (own !== links)
				throw fail('link-lost', `The connection ended before the subscription to "${target}" was answered.`);
			answered();
			const now = wanted.get(key);
			// Granted and ended by the peer in the same chunk.
			if (now?.subscription === subscription && now.failure) throw new FailureError(now.failure);
			return set({ id: key, subscription, state: 'active', ...granted });
		} catch (error) {
			// An adapter rejects pending requests before it reports the end of its link. That is not an answer.
			await new Promise((resolve) => setImmediate(resolve));
			if (own === links) {
				answered();
				set({ id: key, subscription, state: 'refused', failure: toFailure(error) });
			}
			throw error;
		}
	}

	/**
	 * Records which subscription may have caused the end of the link. AWS IoT, for example, closes the connection on a
	 * subscription that is not allowed.
	 */
	function suspect(failure: Failure): void {
		const [first] = unanswered;
		// A silent link proves nothing: the network may have failed at that moment.
		const isProof = unanswered.size === 1 && (failure.code !== 'silent' || suspects.has(first ?? ''));
		for (const key of unanswered) suspects.add(key);
		const had = wanted.get(first ?? '');
		if (!isProof || first === undefined || !had) return;
		suspects.delete(first);
		blamed.add(first);
		const { subscription } = had;
		const message = `The connection ended while the subscription to "${subscription.target}" was unanswered, so it is not retried automatically.`;
		const evidence = [failure.message, failure.evidence].filter(Boolean).join(' ');
		const remedy = { text: 'Check whether this user is allowed to subscribe to it, then subscribe again.' };
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
		get holding() {
			return [...wanted.values()].filter(
				({ id, subscription }) => holds.has(id) && !blamed.has(id) && holdingOf(subscription).holds,
			);
		},
		get finished() {
			return [...done.values()];
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
		add(link, subscription, hold) {
			const key = keyOf(subscription);
			if (hold) holds.set(key, hold);
			else holds.delete(key);
			blamed.delete(key);
			done.delete(key);
			wanted.set(key, { id: key, subscription, state: 'pending' });
			return ask(link, subscription);
		},
		async remove(link, given) {
			const key = keyOf(given);
			const had = wanted.get(key);
			wanted.delete(key);
			holds.delete(key);
			for (const keys of [unanswered, suspects, blamed]) keys.delete(key);
			changed();
			if (had?.state === 'active') await link?.unsubscribe?.(had.subscription, key);
		},
		change(key, { failure, ended: isEnded, finished, ...change }) {
			const had = wanted.get(key);
			if (!had) return;
			if (isEnded || finished !== undefined) {
				wanted.delete(key);
				holds.delete(key);
				if (finished !== undefined) {
					note(finished);
					const failure = { code: 'finished', message: finished, end: { reason: finished, normal: true } };
					done.set(key, { id: key, subscription: had.subscription, state: 'refused', failure });
					for (const oldest of [...done.keys()].slice(0, -maxFinished)) done.delete(oldest);
					ended?.(had.subscription, failure);
				}
				changed();
				return;
			}
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
