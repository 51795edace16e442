import type { Connection } from '../../files/connection';
import { toReceived } from '../../files/received';
import type { Subscription } from '../../model/profile';
import type { ProtocolDescription } from '../../protocols/description';
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
	let first = own;
	const connection: Connection = {
		description,
		send: (draft) => session.engine().send(draft),
		async subscribe(subscription) {
			const { target } = subscription;
			const engine = session.engine();
			if (!holds.has(target)) {
				const { subscriptions } = await engine.status();
				const before = subscriptions.find((one) => one.subscription.target === target)?.subscription;
				if (!holds.has(target)) holds.set(target, { by: new Set(), before });
			}
			holds.get(target)?.by.add(me);
			try {
				await engine.subscribe(subscription);
			} catch (error) {
				drop(holds, target, me);
				throw error;
			}
		},
		async unsubscribe(target) {
			const held = drop(holds, target, me);
			if (!held) return;
			// What the user had subscribed before goes on as it was.
			if (held.before) await session.engine().subscribe(held.before);
			else await session.engine().unsubscribe(target);
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
function drop(holds: Holds, target: string, by: object) {
	const held = holds.get(target);
	held?.by.delete(by);
	if (!held || held.by.size > 0) return undefined;
	holds.delete(target);
	return held;
}
