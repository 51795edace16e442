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

/** Which runs hold which subscriptions of a session, and what stood there before them. */
export type Holds = Map<string, Hold>;

interface Hold {
	by: Set<object>;
	before: Subscription | undefined;
	/** What the peer marks its messages with; undefined: it cannot. */
	identifier: number | undefined;
}

export interface SessionConnectionOptions {
	session: Pick<HostSession, 'engine' | 'status'>;
	feed: SessionFeed;
	description: ProtocolDescription;
	/** The session is this run's alone: who listens first hears what the server said before. */
	own: boolean;
	/** Shared by all runs on this session. */
	holds: Holds;
	close(): Promise<void>;
}

/** A session of the host as message files see it. */
export function sessionConnection({ session, feed, description, own, holds, close }: SessionConnectionOptions) {
	const me = {};
	const usual = description.subscription?.modes?.[0]?.id;
	const keyOf = ({ target, mode = usual }: Pick<Subscription, 'target' | 'mode'>) => JSON.stringify([target, mode]);
	const identified = description.subscription?.identified;
	const copies = createCopies(description);
	/** Subscriptions that were granted to this run, with the revision of a status that knows of it. */
	const granted = new Map<string, number>();
	let first = own;

	/** Subscribes so that the peer marks what it brings, where it can. */
	async function ask(subscription: Subscription, hold: Hold): Promise<void> {
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
		const given = [subscription, before].map((one) => one?.[identified.field]).find((one) => typeof one === 'number');
		if (typeof given === 'number') return given;
		const used = session.status.subscriptions.map(({ subscription: one }) => one[identified.field]);
		const taken = new Set([...used, ...[...holds.values()].map(({ identifier }) => identifier)]);
		// From the upper end: people count from the lower one.
		let free = identified.most;
		while (taken.has(free)) free--;
		return free;
	}

	/** Whether it came for this run: others of the session may bring the same message once more, or others. */
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
				await ask(subscription, hold);
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
			// What the user had subscribed before goes on as it was.
			if (held.before) await session.engine().subscribe(held.before);
			else await session.engine().unsubscribe({ target, ...(mode !== undefined && { mode }) });
		},
		listen(onMessage, onEnd, onSubscriptionEnd) {
			const told = new Set<string>();
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
							return state === 'refused' && since !== undefined && status.revision >= since && !told.has(key);
						}),
					tell({ subscription, failure }) {
						told.add(keyOf(subscription));
						if (failure) onSubscriptionEnd(subscription, failure);
					},
				},
			);
		},
		close,
	};
	return connection;
}

/** Lets go of a subscription; what is returned was held by nobody else. */
function drop(holds: Holds, key: string, by: object) {
	const held = holds.get(key);
	held?.by.delete(by);
	if (!held || held.by.size > 0) return undefined;
	holds.delete(key);
	return held;
}
