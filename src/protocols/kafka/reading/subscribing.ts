import { fail } from '../../../base/failure';
import type { Hold, Outcome } from '../../../model/contracts/hold';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import type { Cluster } from '../cluster/cluster';
import { startGroup } from './group';
import { type Progress, type Running, startRead } from './read';
import { createReading } from './reading';

export interface SubscribingOptions {
	cluster: Cluster;
	sink: Sink;
	/** Maximum bytes of a message. */
	limit: number;
	/** `ConnectContext.memory`. */
	memory: Map<string, unknown>;
}

export interface Subscribing {
	subscribe(subscription: Subscription, id: string, hold?: Hold): Promise<Granted>;
	unsubscribe(subscription: Subscription, id: string): Promise<void>;
	settle(seqs: readonly number[], outcome: Outcome): void;
	held(): number;
	/**
	 * The link ends. `isWanted`: by the user, so that nothing goes on with the next one. Resolves when the groups know that
	 * this member has left.
	 */
	stop(isWanted: boolean): Promise<void>;
}

export function createSubscribing({ cluster, sink, limit, memory }: SubscribingOptions): Subscribing {
	const reading = createReading({ cluster, sink, limit });
	const running = new Map<string, Running>();
	const key = (id: string) => `kafka.read ${id}`;
	let isStopped = false;
	/** Held messages at the end of the link. */
	let left = 0;
	const waiting = () => [...running.values()].reduce((sum, one) => sum + (one.held?.() ?? 0), 0);

	function forget(id: string): void {
		running.delete(id);
		memory.delete(key(id));
	}

	return {
		async subscribe(subscription, id, hold) {
			// A subscription with the same id replaces the one that runs, and begins anew.
			const had = running.get(id);
			if (had) {
				await had.stop();
				forget(id);
			}
			const common = { cluster, reading, sink, subscription, id, over: () => forget(id) };
			const started = await (subscription.mode === 'group'
				? startGroup({ ...common, hold })
				: startRead({
						...common,
						progress: memory.get(key(id)) as Progress | undefined,
						keep: (progress) => memory.set(key(id), progress),
					}));
			if (isStopped) {
				void started.stop();
				throw fail('link-lost', 'The connection ended before the subscription was answered.');
			}
			running.set(id, started);
			return started.granted;
		},
		async unsubscribe(_, id) {
			await running.get(id)?.stop();
			forget(id);
		},
		settle(seqs, outcome) {
			for (const one of running.values()) one.settle?.(seqs, outcome);
		},
		held: () => (isStopped ? left : waiting()),
		async stop(isWanted) {
			left = waiting();
			isStopped = true;
			const all = [...running.values()].map((one) => one.stop());
			reading.stop();
			if (isWanted) for (const id of running.keys()) memory.delete(key(id));
			running.clear();
			await Promise.all(all);
		},
	};
}
