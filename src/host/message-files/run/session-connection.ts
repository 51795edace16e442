import { FailureError } from '../../../base/failure';
import type { Connection } from '../../../files/run/connection';
import { toReceived } from '../../../files/run/received';
import type { FeedMessage } from '../../../model/contracts/engine-api';
import { type Subscription, subscriptionId } from '../../../model/profile/profile';
import type { ProtocolDescription } from '../../../protocols/description';
import { confirm } from '../../connections/confirm';
import type { HostSession } from '../../connections/sessions';
import { createCopies } from './copies';
import type { SessionFeed } from './session-feed';

/** The runs that hold each subscription of a session, by its id, and the subscription that it has replaced. */
export type Holds = Map<string, Hold>;

interface Hold {
	by: Set<object>;
	before: Subscription | undefined;
}

export interface SessionConnectionOptions {
	session: Pick<HostSession, 'engine' | 'status'>;
	feed: SessionFeed;
	description: ProtocolDescription;
	/** Only this run uses the session, so its first listener also gets what the server has sent before. */
	own: boolean;
	/** Shared by all runs on this session. */
	holds: Holds;
	close(): Promise<void>;
}

/** A session of the host as a run of a message file sees it. */
export function sessionConnection({ session, feed, description, own, holds, close }: SessionConnectionOptions) {
	const me = {};
	const idOf = subscriptionId(description.subscription);
	const copies = createCopies(description);
	/** Subscriptions that were granted to this run, with the revision of a status that includes them. */
	const granted = new Map<string, number>();
	let first = own;

	/** Whether a message came for this run. Other subscriptions of the session may bring the same message, or others. */
	function isMine(message: FeedMessage): boolean {
		if (own) return true;
		if (message.subscriptions) return message.subscriptions.some((id) => holds.get(id)?.by.has(me));
		if (!description.subscription?.sendsCopies) return true;
		const active = session.status.subscriptions.filter(({ state }) => state === 'active');
		const targets = active.map(({ subscription }) => subscription.target);
		return copies.isFirst(message, targets);
	}

	const connection: Connection = {
		description,
		send: (draft) => session.engine().send(draft),
		async subscribe(subscription) {
			const id = idOf(subscription);
			const engine = session.engine();
			if (!holds.has(id)) {
				await confirm(description, engine, { kind: 'subscribe', subscription });
				const before = (await engine.status()).subscriptions.find((state) => state.id === id)?.subscription;
				if (!holds.has(id)) holds.set(id, { by: new Set(), before });
			}
			holds.get(id)?.by.add(me);
			try {
				await engine.subscribe(subscription);
				const { revision, subscriptions } = await engine.status();
				const failure = subscriptions.find((state) => state.id === id)?.failure;
				if (failure) throw new FailureError(failure);
				granted.set(id, revision);
			} catch (error) {
				drop(holds, id, me);
				throw error;
			}
		},
		async unsubscribe(subscription) {
			const id = idOf(subscription);
			granted.delete(id);
			const held = drop(holds, id, me);
			if (!held) return;
			// A subscription that the user had before continues as it was.
			if (held.before) await session.engine().subscribe(held.before);
			else await session.engine().unsubscribe(subscription);
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
						[...status.subscriptions, ...(status.finished ?? [])].filter(({ id, state }) => {
							const since = granted.get(id);
							return state === 'refused' && since !== undefined && status.revision >= since && !reported.has(id);
						}),
					report({ id, subscription, failure }) {
						reported.add(id);
						if (failure) onSubscriptionEnd(subscription, failure);
					},
				},
			);
		},
		close,
	};
	return connection;
}

/** Releases a subscription. Returns it if no other run holds it. */
function drop(holds: Holds, id: string, by: object): Hold | undefined {
	const held = holds.get(id);
	held?.by.delete(by);
	if (!held || held.by.size > 0) return undefined;
	holds.delete(id);
	return held;
}
