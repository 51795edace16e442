import type { Hold, Holding } from '../../../model/contracts/hold';
import type { Subscription } from '../../../model/profile/profile';
import { subscriptionId } from '../../../model/profile/profile';
import type { Connection, ConnectionSpec } from '../connection';
import { createSettling } from './settling';

/** A connection of a run, for one request. */
export interface Pooled {
	connection: Connection;
	/** Resolves to the release of the subscription; it ends with the last request that holds it. Throws the refusal. */
	subscribe(subscription: Subscription, hold?: Hold): Promise<() => Promise<void>>;
	/** What holding means for a subscription that this request has made with `hold`. */
	holdingOf(subscription: Subscription): Holding | undefined;
}

/** The connections of one run. Requests that name the same one share it, but for connections of a request's own. */
export interface Pool {
	/** Throws what `connect` throws. A failed attempt is repeated by the next request. */
	open(spec: ConnectionSpec): Promise<Pooled>;
	readonly closed: boolean;
	/** Closes a connection that has ended, so that the next `open` makes a new one. */
	drop(pooled: Pooled): Promise<void>;
	close(): Promise<void>;
}

/** The same for specs that share a connection. */
export const connectionKey = ({ profile, url, protocol }: ConnectionSpec): string =>
	JSON.stringify([profile, url, protocol]);

export function createPool(connect: (spec: ConnectionSpec) => Promise<Connection>): Pool {
	const shared = new Map<string, Promise<() => Pooled>>();
	/** Where each view of a shared connection comes from. */
	const origins = new WeakMap<Pooled, { key: string; opening: Promise<() => Pooled> }>();
	const opened: Connection[] = [];
	let closed = false;
	const open = async (spec: ConnectionSpec): Promise<() => Pooled> => {
		const connection = await connect(spec);
		opened.push(connection);
		return shareConnection(connection);
	};
	return {
		async open(spec) {
			if (spec.own) return (await open(spec))();
			const key = connectionKey(spec);
			let opening = shared.get(key);
			if (!opening) {
				opening = open(spec);
				shared.set(key, opening);
				opening.catch(() => shared.delete(key));
			}
			const pooled = (await opening)();
			origins.set(pooled, { key, opening });
			return pooled;
		},
		get closed() {
			return closed;
		},
		async drop(pooled) {
			// At once, so that a request in the same turn does not get it any more.
			const origin = origins.get(pooled);
			if (origin && shared.get(origin.key) === origin.opening) shared.delete(origin.key);
			await pooled.connection.close().catch(() => {});
		},
		async close() {
			closed = true;
			await Promise.allSettled(opened.map((connection) => connection.close()));
		},
	};
}

/**
 * Counts the requests that use a subscription, so that the first one to end does not take it from the others, and settles a
 * held message when all of them have.
 */
function shareConnection(connection: Connection): () => Pooled {
	/** How each request holds the messages of a subscription, by its id. */
	const users = new Map<string, Map<object, Hold | undefined>>();
	const idOf = subscriptionId(connection.description.subscription);
	const settling = createSettling((seqs, outcome) => {
		for (const seq of seqs) connection.settle?.({ seq, held: true }, outcome);
	});
	const holdOf = (id: string) => [...(users.get(id)?.values() ?? [])].find((hold) => hold);

	return () => {
		const member = settling.member();
		/** Subscriptions that this request holds. */
		const held = new Map<string, { holding: Holding | undefined; matches(target: string): boolean }>();
		const view: Connection = {
			...connection,
			...(connection.settle && {
				settle: ({ seq, held: isHeld }, outcome) => {
					if (isHeld && seq !== undefined) member.settle(seq, outcome);
				},
			}),
			async subscribe(subscription, hold) {
				const id = idOf(subscription);
				const { pattern } = connection.description;
				const matches = pattern?.compile(subscription.target) ?? (() => true);
				if (hold) held.set(id, { holding: undefined, matches });
				try {
					const holding = await connection.subscribe(subscription, hold ?? holdOf(id));
					const entry = held.get(id);
					if (entry) entry.holding = holding;
					return holding;
				} catch (error) {
					held.delete(id);
					throw error;
				}
			},
			listen: (onMessage, ...ends) =>
				connection.listen(
					(message) => {
						const { seq, held: isHeld, subscriptions, target } = message;
						const isMine = ([id, { matches }]: [string, { matches(target: string): boolean }]) =>
							subscriptions?.includes(id) ?? matches(target);
						if (isHeld && seq !== undefined && [...held].some(isMine)) member.received(seq);
						onMessage(message);
					},
					...ends,
				),
		};
		return {
			connection: view,
			holdingOf: (subscription) => held.get(idOf(subscription))?.holding,
			async subscribe(subscription, hold) {
				const id = idOf(subscription);
				const me = {};
				const own = users.get(id) ?? new Map<object, Hold | undefined>();
				users.set(id, own);
				own.set(me, hold);
				try {
					// Sent for every request, so that a second one gets the retained messages, too.
					await view.subscribe(subscription, hold);
				} catch (error) {
					own.delete(me);
					throw error;
				}
				return async () => {
					settling.flush();
					own.delete(me);
					if (hold) {
						held.delete(id);
						if (held.size === 0) member.leave();
					}
					if (own.size === 0) await connection.unsubscribe(subscription);
					// Its messages would wait for an outcome without end.
					else if (hold && !holdOf(id)) await connection.subscribe(subscription);
				};
			},
		};
	};
}
