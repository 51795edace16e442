import type { Store } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { Secrets, Subscription } from '../../../src/model/profile/profile';
import type { Adapter } from '../../../src/protocols/adapter';
import { deafSink } from '../../../src/protocols/shared/null-sink';

/** Calls `done` with the messages a second from the first to the last of them; `now` in milliseconds. */
export function counter(messages: number, done: (rate: number) => void, now = () => performance.now()): () => void {
	let received = 0;
	let began = 0;
	return () => {
		if (received++ === 0) began = now();
		if (received === messages) done((messages / (now() - began)) * 1000);
	};
}

/**
 * Processor time of this process in milliseconds. A ratio of it depends on neither what else the machine does nor how fast the
 * server writes.
 */
export const processorTime = (): number => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
};

export interface Flood {
	adapter: Adapter;
	profile: { protocol: string; url: string; values?: Values };
	secrets?: Secrets;
	/** What brings the flood; undefined: it comes by itself. */
	subscription?: Subscription;
	messages: number;
	/** Where messages go, as in a session; undefined: nowhere. */
	store?: Store;
	now?: () => number;
}

/** Messages a second through an adapter, and into log and tree where there are some. */
export async function rateThrough(flood: Flood): Promise<number> {
	const { adapter, profile, store } = flood;
	let finish: (rate: number) => void = () => {};
	const finished = new Promise<number>((resolve) => {
		finish = resolve;
	});
	const count = counter(flood.messages, (rate) => finish(rate), flood.now);
	const link = await adapter.connect({
		profile: { id: 'bench', name: 'Bench', subscriptions: [], values: {}, ...profile },
		secrets: flood.secrets ?? {},
		limits: defaultLimits,
		signal: new AbortController().signal,
		memory: new Map(),
		step() {},
		found() {},
		sink: {
			...deafSink,
			message({ target, payload, flags, meta, subscriptions }) {
				const seq = store?.append(target, payload, flags, meta, subscriptions) ?? -1;
				count();
				return seq;
			},
		},
	});
	const refused = new Promise<never>((_, reject) => {
		if (flood.subscription) link.subscribe?.(flood.subscription, 'flood').catch(reject);
	});
	const ended = link.ended.then((failure) => {
		throw new Error(`The link ended early: ${failure?.message}`);
	});
	const rate = await Promise.race([finished, refused, ended]);
	ended.catch(() => {});
	link.destroy();
	return rate;
}

export function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
