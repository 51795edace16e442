import type { Connection } from '../../files/connection';
import { toReceived } from '../../files/received';
import type { Subscription } from '../../model/profile';
import type { ProtocolDescription } from '../../protocols/description';
import { confirm } from '../confirm';
import type { HostSession } from '../sessions';
import type { SessionFeed } from './session-feed';

/** Which runs hold which subscriptions of a session, and what stood there before them. */
export type Holds = Map<string, { by: Set<object>; before: Subscription | undefined }>;

export interface SessionConnectionOptions {
	session: Pick<HostSession, 'engine'>;
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
	let first = own;
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
				if (!holds.has(key)) holds.set(key, { by: new Set(), before });
			}
			holds.get(key)?.by.add(me);
			try {
				await engine.subscribe(subscription);
			} catch (error) {
				drop(holds, key, me);
				throw error;
			}
		},
		async unsubscribe(target, mode) {
			const held = drop(holds, keyOf({ target, mode }), me);
			if (!held) return;
			// What the user had subscribed before goes on as it was.
			if (held.before) await session.engine().subscribe(held.before);
			else await session.engine().unsubscribe(target, mode);
		},
		listen(onMessage, onEnd) {
			const from = first ? 0 : undefined;
			first = false;
			return feed.listen(from, (message) => onMessage(toReceived(description, message)), onEnd);
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
