import type { Subscription } from '../../../model/profile/profile';
import { subscriptionId } from '../../../model/profile/profile';
import type { Connection, ConnectionSpec } from '../connection';

/** A connection of a run. */
export interface Pooled {
	connection: Connection;
	/** Resolves to the release of the subscription; it ends with the last request that holds it. Throws the refusal. */
	subscribe(subscription: Subscription): Promise<() => Promise<void>>;
}

/** The connections of one run. Requests that name the same one share it, but for connections of a request's own. */
export interface Pool {
	/** Throws what `connect` throws. A failed attempt is repeated by the next request. */
	open(spec: ConnectionSpec): Promise<Pooled>;
	close(): Promise<void>;
}

export function createPool(connect: (spec: ConnectionSpec) => Promise<Connection>): Pool {
	const shared = new Map<string, Promise<Pooled>>();
	const opened: Connection[] = [];
	const open = async (spec: ConnectionSpec): Promise<Pooled> => {
		const connection = await connect(spec);
		opened.push(connection);
		return { connection, subscribe: countedSubscriptions(connection) };
	};
	return {
		open(spec) {
			if (spec.own) return open(spec);
			const key = JSON.stringify([spec.profile, spec.url, spec.protocol]);
			const existing = shared.get(key);
			if (existing) return existing;
			const opening = open(spec);
			shared.set(key, opening);
			opening.catch(() => shared.delete(key));
			return opening;
		},
		async close() {
			await Promise.allSettled(opened.map((connection) => connection.close()));
		},
	};
}

/** Counts the requests that hold a subscription, so that the first one to end does not take it from the others. */
function countedSubscriptions(connection: Connection): Pooled['subscribe'] {
	const holders = new Map<string, number>();
	const idOf = subscriptionId(connection.description.subscription);
	return async (subscription) => {
		const key = idOf(subscription);
		const count = holders.get(key) ?? 0;
		holders.set(key, count + 1);
		try {
			// Sent for every request, so that a second one gets the retained messages, too.
			await connection.subscribe(subscription);
		} catch (error) {
			holders.set(key, count);
			throw error;
		}
		return async () => {
			const left = (holders.get(key) ?? 1) - 1;
			holders.set(key, left);
			if (left === 0) await connection.unsubscribe(subscription);
		};
	};
}
