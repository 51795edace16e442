import type { Failure } from '../../../base/failure';
import type { Clock } from './clock';
import type { Exchange } from './exchange';
import { ask } from './no-answer';

export interface LivenessOptions {
	exchange: Exchange;
	clock: Clock;
	/** Milliseconds of quiet before a ping. */
	every: number;
	/** Returns whether the peer is to be watched at present. */
	wanted(): boolean;
	dead(failure: Failure): void;
}

/** Minimum time for an answer, in milliseconds: a lost ping is repeated only after 2 to 3 s. */
const minPatience = 3500;

/** Pings a server that has been quiet, so that a dead one is detected within one and a half intervals. */
export function watchLiveness({ exchange, clock, every, wanted, dead }: LivenessOptions): { stop(): void } {
	const stop = new AbortController();
	const within = Math.max(minPatience, every / 2);
	let cancelTimer = () => {};

	function check() {
		const quiet = clock.now() - exchange.heard;
		if (quiet >= every && wanted()) return probe();
		cancelTimer = clock.later(Math.max(every / 4, every - quiet), check);
	}

	function probe(): void {
		const began = clock.now();
		const gaveUp = new AbortController();
		const cancelWait = clock.later(within, () => {
			if (exchange.heard > began) return gaveUp.abort();
			const seconds = Math.round((clock.now() - exchange.heard) / 100) / 10;
			const message = `The server has sent nothing for ${seconds} s and does not answer a ping.`;
			dead({ code: 'silent', message });
			gaveUp.abort();
		});
		const ping = { code: 0, confirmable: true, options: [], payload: new Uint8Array() };
		const signal = AbortSignal.any([stop.signal, gaveUp.signal]);
		ask(ping, { exchange, clock, signal, responseWithin: within, progress() {} })
			.catch(() => {})
			.finally(() => {
				cancelWait();
				if (!stop.signal.aborted) cancelTimer = clock.later(every / 4, check);
			});
	}

	cancelTimer = clock.later(every, check);
	return {
		stop() {
			cancelTimer();
			stop.abort();
		},
	};
}
