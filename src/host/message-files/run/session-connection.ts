import { FailureError } from '../../../base/failure';
import type { Connection } from '../../../files/run/connection';
import { createSettling, type Settling } from '../../../files/run/connections/settling';
import { toReceived } from '../../../files/run/received';
import type { CheckRule } from '../../../model/checks/rule';
import type { FeedMessage } from '../../../model/contracts/engine-api';
import type { Hold } from '../../../model/contracts/hold';
import { type Subscription, subscriptionId } from '../../../model/profile/profile';
import type { ProtocolDescription } from '../../../protocols/description';
import { confirm } from '../../connections/confirm';
import type { HostSession } from '../../connections/sessions';
import { createCopies } from './copies';
import type { SessionFeed } from './session-feed';

/** What the runs on a session share: its subscriptions by id, and the outcomes of held messages. */
export interface SharedSubscriptions {
	readonly used: Map<string, Used>;
	readonly settling: Settling;
}

interface Used {
	/** The runs that use it, and how they hold its messages. */
	by: Map<object, Hold | undefined>;
	/** The subscription that it has replaced. */
	before: Subscription | undefined;
}

export const shareSubscriptions = (session: Pick<HostSession, 'engine'>): SharedSubscriptions => ({
	used: new Map(),
	settling: createSettling((seqs, outcome) => {
		// Without an engine or a connection, the messages were left to the peer.
		void Promise.resolve()
			.then(() => session.engine().settle(seqs, outcome))
			.catch(() => {});
	}),
});

export interface SessionConnectionOptions {
	session: Pick<HostSession, 'engine' | 'status'>;
	feed: SessionFeed;
	description: ProtocolDescription;
	/** The rules of the profile, by which messages carry marks. */
	checks?: readonly CheckRule[];
	/** Only this run uses the session, so its first listener also gets what the server has sent before. */
	own: boolean;
	/** Shared by all runs on this session. */
	shared: SharedSubscriptions;
	close(): Promise<void>;
}

/** A session of the host as a run of a message file sees it. */
export function sessionConnection({
	session,
	feed,
	description,
	checks,
	own,
	shared,
	close,
}: SessionConnectionOptions) {
	const me = {};
	const { used, settling } = shared;
	const settler = settling.member();
	const idOf = subscriptionId(description.subscription);
	const copies = createCopies(description);
	/** Ids of subscriptions about which the user was asked: a rule subscribes again after each loss. */
	const confirmed = new Set<string>();
	/** Subscriptions that were granted to this run, with the revision of a status that includes them. */
	const granted = new Map<string, number>();
	let first = own;

	/** Whether a message came for this run. Other subscriptions of the session may bring the same message, or others. */
	function isMine(message: FeedMessage): boolean {
		if (own) return true;
		if (message.subscriptions) return message.subscriptions.some((id) => used.get(id)?.by.has(me));
		if (!description.subscription?.sendsCopies) return true;
		const active = session.status.subscriptions.filter(({ state }) => state === 'active');
		const targets = active.map(({ subscription }) => subscription.target);
		return copies.isFirst(message, targets);
	}

	const filters = new Map<string, (target: string) => boolean>();
	/** Whether a message that names no subscription may be one of this. */
	const matches = (id: string, target: string) => filters.get(id)?.(target) ?? true;

	/** Whether this run settles a held message. */
	function holdsMessage({ subscriptions, target }: FeedMessage): boolean {
		for (const [id, { by }] of used) {
			if (by.get(me) && (subscriptions?.includes(id) ?? matches(id, target))) return true;
		}
		return false;
	}

	const connection: Connection = {
		description,
		...(checks && { checks }),
		send: (draft) => session.engine().send(draft),
		async subscribe(subscription, hold) {
			const id = idOf(subscription);
			const engine = session.engine();
			if (!used.has(id)) {
				if (!confirmed.has(id)) await confirm(description, engine, { kind: 'subscribe', subscription });
				confirmed.add(id);
				const before = (await engine.status()).subscriptions.find((state) => state.id === id)?.subscription;
				if (!used.has(id)) used.set(id, { by: new Map(), before });
			}
			used.get(id)?.by.set(me, hold);
			const { pattern } = description;
			if (hold && pattern) filters.set(id, pattern.compile(subscription.target));
			try {
				const { holding } = await engine.subscribe(subscription, hold ?? holdOf(used.get(id)));
				const { revision, subscriptions } = await engine.status();
				const failure = subscriptions.find((state) => state.id === id)?.failure;
				if (failure) throw new FailureError(failure);
				granted.set(id, revision);
				return holding;
			} catch (error) {
				drop(used, id, me);
				throw error;
			}
		},
		async unsubscribe(subscription) {
			const id = idOf(subscription);
			granted.delete(id);
			settling.flush();
			settler.leave();
			const wasHeld = holdOf(used.get(id)) !== undefined;
			const last = drop(used, id, me);
			if (last?.before) await session.engine().subscribe(last.before);
			else if (last) await session.engine().unsubscribe(subscription);
			// Otherwise its messages would wait for an outcome without end.
			else if (wasHeld && !holdOf(used.get(id))) await session.engine().subscribe(subscription);
		},
		settle({ seq, held }, outcome) {
			if (held && seq !== undefined) settler.settle(seq, outcome);
		},
		async act({ seq }, action, values) {
			if (seq !== undefined)
				await session.engine().act({ id: `rule ${action} ${seq}`, action, messages: [seq], values });
		},
		listen(onMessage, onEnd, onSubscriptionEnd) {
			const reported = new Set<string>();
			const from = first ? 0 : undefined;
			first = false;
			return feed.listen(
				from,
				(message) => {
					if (!isMine(message)) return;
					const received = toReceived(description, message);
					if (received.held && holdsMessage(message)) settler.received(message.seq);
					onMessage(received);
				},
				(failure) => {
					// A run that goes on subscribes anew, and what the subscription has replaced stays known until then.
					for (const id of granted.keys()) used.get(id)?.by.delete(me);
					onEnd(failure);
				},
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

/** How the messages of a subscription are held, if one of its runs does. */
const holdOf = (one: Used | undefined): Hold | undefined => [...(one?.by.values() ?? [])].find((hold) => hold);

/** Releases a subscription. Returns it if no other run uses it. */
function drop(used: Map<string, Used>, id: string, by: object): Used | undefined {
	const one = used.get(id);
	one?.by.delete(by);
	if (!one || one.by.size > 0) return undefined;
	used.delete(id);
	return one;
}
