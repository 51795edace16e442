import { FailureError, toFailure } from '../../../base/failure';
import type { Connection } from '../../../files/run/connection';
import { toReceived } from '../../../files/run/received';
import type { FeedMessage } from '../../../model/contracts/engine-api';
import type { Subscription } from '../../../model/profile/profile';
import type { ProtocolDescription } from '../../../protocols/description';
import { confirm } from '../../connections/confirm';
import type { HostSession } from '../../connections/sessions';
import { createCopies } from './copies';
import type { SessionFeed } from './session-feed';

/** The subscriptions of a session that runs hold, by target and mode. */
export type Holds = Map<string, Hold>;

interface Hold {
	/** The runs that hold it. */
	by: Set<object>;
	/** The user's own subscription that it replaced. */
	before: Subscription | undefined;
	/** The number with which the peer marks the messages of this subscription; undefined if it cannot. */
	identifier: number | undefined;
}

export interface SessionConnectionOptions {
	session: Pick<HostSession, 'engine' | 'status'>;
	feed: SessionFeed;
	description: ProtocolDescription;
	/** The session belongs to this run alone, so that the first listener also receives earlier messages. */
	own: boolean;
	/** Shared by all runs on this session. */
	holds: Holds;
	close(): Promise<void>;
}

/** A session of the host as a connection of message files. */
export function sessionConnection({ session, feed, description, own, holds, close }: SessionConnectionOptions) {
	/** Identifies this run. */
	const me = {};
	const usual = description.subscription?.modes?.[0]?.id;
	const keyOf = ({ target, mode = usual }: Pick<Subscription, 'target' | 'mode'>) => JSON.stringify([target, mode]);
	const identified = description.subscription?.identified;
	const copies = createCopies(description);
	/** The subscriptions of this run, with the revision of the status from which on they are active. */
	const granted = new Map<string, number>();
	let first = own;

	/** Subscribes with an identifier where the peer supports it. */
	async function request(subscription: Subscription, hold: Hold): Promise<void> {
		const engine = session.engine();
		if (!identified || hold.identifier === undefined) return void (await engine.subscribe(subscription));
		try {
			await engine.subscribe({ ...subscription, [identified.field]: hold.identifier });
		} catch (error) {
			const isMarked = typeof subscription[identified.field] === 'number';
			if (isMarked || toFailure(error).code !== 'no-identifiers') throw error;
			hold.identifier = undefined;
			await engine.subscribe(subscription);
		}
	}

	function identifierFor(subscription: Subscription, before: Subscription | undefined): number | undefined {
		if (!identified) return undefined;
		const own = [subscription, before].map((one) => one?.[identified.field]).find((one) => typeof one === 'number');
		if (typeof own === 'number') return own;
		const used = session.status.subscriptions.map(({ subscription: one }) => one[identified.field]);
		const taken = new Set([...used, ...[...holds.values()].map(({ identifier }) => identifier)]);
		// Counts down from the highest number, because users usually choose low numbers.
		let free = identified.most;
		while (taken.has(free)) free--;
		return free;
	}

	/** Whether the message belongs to this run. Other subscriptions of the session may bring other messages, or copies. */
	function isMine(message: FeedMessage): boolean {
		if (own || !identified) return true;
		const mine = [...holds.values()].filter(({ by }) => by.has(me));
		if (mine.some(({ identifier }) => identifier === undefined)) {
			const active = session.status.subscriptions.filter(({ state }) => state === 'active');
			return copies.isFirst(
				message,
				active.map(({ subscription }) => subscription.target),
			);
		}
		const marks = identified.of(message.meta);
		return mine.some(({ identifier }) => identifier !== undefined && marks.includes(identifier));
	}

	const connection: Connection = {
		description,
		send: (draft) => session.engine().send(draft),
		async subscribe(subscription) {
			const key = keyOf(subscription);
			const engine = session.engine();
			if (!holds.has(key)) {
				await confirm(description, engine, { kind: 'subscribe', subscription });
				const { subscriptions } = await engine.status();
				const before = subscriptions.find((one) => keyOf(one.subscription) === key)?.subscription;
				if (!holds.has(key)) holds.set(key, { by: new Set(), before, identifier: identifierFor(subscription, before) });
			}
			const hold = holds.get(key) as Hold;
			hold.by.add(me);
			try {
				await request(subscription, hold);
				const { revision, subscriptions } = await engine.status();
				const now = subscriptions.find((one) => keyOf(one.subscription) === key);
				if (now?.failure) throw new FailureError(now.failure);
				granted.set(key, revision);
			} catch (error) {
				drop(holds, key, me);
				throw error;
			}
		},
		async unsubscribe(target, mode) {
			granted.delete(keyOf({ target, mode }));
			const held = drop(holds, keyOf({ target, mode }), me);
			if (!held) return;
			// Restores the user's own subscription.
			if (held.before) await session.engine().subscribe(held.before);
			else await session.engine().unsubscribe({ target, ...(mode !== undefined && { mode }) });
		},
		listen(onMessage, onEnd, onSubscriptionEnd) {
			const reported = new Set<string>();
			const from = first ? 0 : undefined;
			first = false;
			return feed.listen(
				from,
				(message) => {
					if (isMine(message)) onMessage(toReceived(description, message));
				},
				onEnd,
				onSubscriptionEnd && {
					find: (status) =>
						status.subscriptions.filter(({ state, subscription }) => {
							const key = keyOf(subscription);
							const since = granted.get(key);
							return state === 'refused' && since !== undefined && status.revision >= since && !reported.has(key);
						}),
					report({ subscription, failure }) {
						reported.add(keyOf(subscription));
						if (failure) onSubscriptionEnd(subscription, failure);
					},
				},
			);
		},
		close,
	};
	return connection;
}

/** Releases a subscription of a run. Returns it if no other run holds it. */
function drop(holds: Holds, key: string, by: object) {
	const held = holds.get(key);
	held?.by.delete(by);
	if (!held || held.by.size > 0) return undefined;
	holds.delete(key);
	return held;
}
