import { type Failure, toFailure } from '../../base/failure';
import type { Holding } from '../../model/contracts/hold';
import { type Subscription, subscriptionId } from '../../model/profile/profile';
import type { Clock, ConnectionSpec, Received } from '../run/connection';
import type { Pooled } from '../run/connections/pool';
import { pause } from '../run/repeat';
import { followsFromEnd, whyEnded } from '../run/results/ends';
import type { Targets } from './targets';

/** Pause before a lost source is subscribed again, in milliseconds. */
const pauseBeforeAgain = 1000;

export interface SourceOptions {
	spec: ConnectionSpec;
	subscriptions: readonly Subscription[];
	/** Messages that may be unsettled at a time, where the source can wait for them. */
	limit: number;
	targets: Targets;
	clock: Clock;
	signal: AbortSignal;
	/** Subscribe again when the connection has ended. */
	reconnect: boolean;
	onMessage(message: Received, settle: Settle): void;
	/** It was lost and will be subscribed again. */
	onDown(failure: Failure): void;
	/** It has ended for good. */
	onEnd(failure: Failure | undefined): void;
}

/** Settles a message of the connection over which it came. Does nothing for messages that are not held. */
export type Settle = (message: Received, outcome: 'done' | 'again') => void;

/** The subscriptions of a rule. */
export interface Source {
	holding(): Holding | undefined;
	/** Receives nothing more. What is held stays so until `close`. */
	stop(): void;
	close(): Promise<void>;
}

/** Resolves when the subscriptions are granted. Throws the failure of the first attempt. */
export async function createSource(options: SourceOptions): Promise<Source> {
	const { spec, targets, signal } = options;
	let holding: Holding | undefined;
	let stop: () => void = () => {};
	let release: () => Promise<void> = async () => {};

	async function open(): Promise<void> {
		const pooled = await targets.open(spec);
		const { connection } = pooled;
		const settle: Settle = (message, outcome) => connection.settle?.(message, outcome);
		const idOf = subscriptionId(connection.description.subscription);
		const ids = new Set(options.subscriptions.map(idOf));
		let isOver = false;
		const end = (failure: Failure | undefined) => {
			if (isOver) return;
			isOver = true;
			stop();
			void again(pooled, failure);
		};
		const listening = connection.listen(
			(message) => {
				if (!isOver) options.onMessage(message, settle);
			},
			end,
			(subscription, failure) => {
				if (ids.has(idOf(subscription))) end({ ...failure, final: true });
			},
		);
		stop = () => {
			isOver = true;
			listening.dispose();
		};
		const releases: (() => Promise<void>)[] = [];
		release = async () => {
			for (const one of releases.splice(0)) await one().catch(() => {});
		};
		try {
			for (const subscription of options.subscriptions) {
				releases.push(await pooled.subscribe(subscription, { limit: options.limit }));
				holding = pooled.holdingOf(subscription);
			}
		} catch (error) {
			stop();
			await release();
			const failure = toFailure(error);
			if (followsFromEnd(failure)) targets.lost(pooled);
			throw error;
		}
	}

	async function again(pooled: Pooled, failure: Failure | undefined): Promise<void> {
		if (!options.reconnect || failure?.final || signal.aborted) {
			options.onEnd(failure && whyEnded(failure));
			return;
		}
		targets.lost(pooled);
		if (failure) options.onDown(failure);
		for (;;) {
			await pause(pauseBeforeAgain, { clock: options.clock, signal });
			if (signal.aborted) return;
			try {
				await open();
				return;
			} catch (error) {
				const refusal = toFailure(error);
				if (signal.aborted) return;
				if (refusal.final) {
					options.onEnd(refusal);
					return;
				}
				options.onDown(refusal);
			}
		}
	}

	await open();
	return {
		holding: () => holding,
		stop: () => stop(),
		close: () => release(),
	};
}
