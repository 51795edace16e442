import { once } from 'node:events';
import type { Store } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { Secrets, Subscription } from '../../../src/model/profile/profile';
import type { Adapter } from '../../../src/protocols/adapter';
import { deafSink } from '../../../src/protocols/shared/null-sink';
import { startFlood } from '../flood-process';
import { type Row, ratioRow } from '../rows';

/** What a rate is measured by. */
interface Clock {
	/** Milliseconds. */
	now(): number;
	unit: string;
}

export const wallClock: Clock = { now: () => performance.now(), unit: 'thousand/s' };

/**
 * Processor time of this process. A ratio of it depends on neither what else the machine does nor how fast the server writes.
 */
export const processorClock: Clock = {
	now() {
		const { user, system } = process.cpuUsage();
		return (user + system) / 1000;
	},
	unit: 'thousand/s of processor',
};

/** Calls `done` with the messages a second from the first to the last of them. */
export function counter(messages: number, done: (rate: number) => void, { now }: Clock): () => void {
	let received = 0;
	let began = 0;
	return () => {
		if (received++ === 0) began = now();
		if (received === messages) done((messages / (now() - began)) * 1000);
	};
}

/** Runs the server `floods/<server>.mjs` while `measure` uses its port. */
export async function withFlood<T>(server: string, options: object, measure: (port: number) => Promise<T>): Promise<T> {
	const flood = await startFlood(`test/bench/floods/${server}.mjs`, options);
	try {
		return await measure(flood.port);
	} finally {
		flood.server.kill();
		await once(flood.server, 'exit');
	}
}

/** A row of two rates in messages per second. */
export const rateRow = (
	name: string,
	own: number,
	reference: readonly [words: string, rate: number],
	{ unit }: Clock,
	goal?: string,
): Row => ratioRow(name, own, reference, (rate) => `${Math.round(rate / 1000).toLocaleString('en')} ${unit}`, goal);

interface Flood {
	adapter: Adapter;
	profile: { protocol: string; url: string; values?: Values };
	secrets?: Secrets;
	/** What brings the flood; undefined: it comes by itself. */
	subscription?: Subscription;
	messages: number;
	/** Its messages are acknowledged by `settle`, those of one turn together. */
	holds?: boolean;
	/** Where messages go, as in a session; undefined: nowhere. */
	store?: Store;
	clock: Clock;
}

/** Messages a second through an adapter, and into log and tree where there are some. */
export async function rateThrough(flood: Flood): Promise<number> {
	const { adapter, profile, store } = flood;
	let finish: (rate: number) => void = () => {};
	const finished = new Promise<number>((resolve) => {
		finish = resolve;
	});
	const count = counter(flood.messages, (rate) => finish(rate), flood.clock);
	let due: number[] = [];
	const settleSoon = (seq: number) => {
		if (due.length === 0)
			setImmediate(() => {
				link.settle?.(due, 'done');
				due = [];
			});
		due.push(seq);
	};
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
				if (flood.holds) settleSoon(seq);
				count();
				return seq;
			},
		},
	});
	const refused = new Promise<never>((_, reject) => {
		if (flood.subscription)
			link.subscribe?.(flood.subscription, 'flood', flood.holds ? { limit: 65_535 } : undefined).catch(reject);
	});
	const ended = link.ended.then((failure) => {
		throw new Error(`The link ended early: ${failure?.message}`);
	});
	const rate = await Promise.race([finished, refused, ended]);
	ended.catch(() => {});
	link.destroy();
	return rate;
}
