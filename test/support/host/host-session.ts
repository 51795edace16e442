import { createFollow } from '../../../src/engine/store/follow';
import type { HostSession } from '../../../src/host/connections/sessions';
import type { Status } from '../../../src/model/contracts/session';
import { type RealSession, type RealSessionOptions, realSession } from '../run/session';

export interface InProcess {
	session: RealSession;
	/** The session as the host has it. */
	host: HostSession;
	end(): Promise<void>;
}

/** A session of the host whose engine is in this process and whose peer is real. `onChanged` is called with each change. */
export function hostSession(
	id: string,
	protocol: string,
	options: RealSessionOptions,
	onChanged = () => {},
): InProcess {
	let wake = () => {};
	const session = realSession(protocol, { ...options, onMessage: () => wake(), onChanged });
	const follow = createFollow(session.store.feed, () => session.store.next);
	wake = follow.wake;
	const engine = {
		status: async () => session.status(),
		ask: session.ask,
		subscribe: session.subscribe,
		unsubscribe: session.unsubscribe,
		send: session.send,
		settle: async (...args: Parameters<typeof session.settle>) => session.settle(...args),
		follow: async (...args: Parameters<typeof follow.follow>) => follow.follow(...args),
	};
	const host = {
		...{ id, protocol, engine: () => engine as never },
		get status(): Status {
			return session.status();
		},
	};
	return {
		...{ session, host },
		async end() {
			follow.dispose();
			await session.close();
			session.dispose();
		},
	};
}
