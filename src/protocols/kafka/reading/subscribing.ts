import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import type { Cluster } from '../cluster/cluster';
import { type Progress, type Running, startRead } from './read';
import { createReading } from './reading';

export interface SubscribingOptions {
	cluster: Cluster;
	sink: Sink;
	/** Bytes of a batch after decompression. */
	batchLimit: number;
	/** `ConnectContext.memory`. */
	memory: Map<string, unknown>;
}

export interface Subscribing {
	subscribe(subscription: Subscription, id: string): Promise<Granted>;
	unsubscribe(subscription: Subscription, id: string): Promise<void>;
	/** The link ends. `isWanted`: by the user, so that nothing goes on with the next one. */
	stop(isWanted: boolean): void;
}

export function createSubscribing({ cluster, sink, batchLimit, memory }: SubscribingOptions): Subscribing {
	const reading = createReading({ cluster, sink, batchLimit });
	const running = new Map<string, Running>();
	const key = (id: string) => `kafka.read ${id}`;
	let isStopped = false;

	function forget(id: string): void {
		running.delete(id);
		memory.delete(key(id));
	}

	return {
		async subscribe(subscription, id) {
			// A subscription with the same id replaces the one that runs, and begins anew.
			const had = running.get(id);
			if (had) {
				had.stop();
				forget(id);
			}
			const started = await startRead({
				...{ cluster, reading, sink, subscription, id },
				progress: memory.get(key(id)) as Progress | undefined,
				keep: (progress) => memory.set(key(id), progress),
				over: () => forget(id),
			});
			if (isStopped) {
				started.stop();
				throw fail('link-lost', 'The connection ended before the subscription was answered.');
			}
			running.set(id, started);
			return started.granted;
		},
		async unsubscribe(_, id) {
			running.get(id)?.stop();
			forget(id);
		},
		stop(isWanted) {
			isStopped = true;
			for (const one of running.values()) one.stop();
			reading.stop();
			if (isWanted) for (const id of running.keys()) memory.delete(key(id));
			running.clear();
		},
	};
}
