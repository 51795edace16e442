import type { Failure } from '../../../base/failure';
import type { Clock } from './clock';
import type { Exchange } from './exchange';
import { ask } from './no-answer';

export interface LivenessOptions {
	exchange: Exchange;
	clock: Clock;
	/** Milliseconds of quiet before a ping. */
	every: number;
	/** Whether it matters now. */
	wanted(): boolean;
	dead(failure: Failure): void;
}

/** Least time for an answer, in milliseconds: a first ping may be lost, and is repeated after 2 to 3 s. */
const least = 3500;

/** Asks a server that has been quiet, so that one that is gone shows within one and a half intervals. */
export function watchLiveness({ exchange, clock, every, wanted, dead }: LivenessOptions): { stop(): void } {
	const stop = new AbortController();
	const within = Math.max(least, every / 2);
	let cancel = () => {};

	function look() {
		const quiet = clock.now() - exchange.heard;
		if (quiet >= every && wanted()) return probe();
		cancel = clock.later(Math.max(every / 4, every - quiet), look);
	}

	function probe(): void {
		const began = clock.now();
		const give = new AbortController();
		const late = clock.later(within, () => {
			if (exchange.heard > began) return give.abort();
			const seconds = Math.round((clock.now() - exchange.heard) / 100) / 10;
			const message = `The server has sent nothing for ${seconds} s and does not answer a ping.`;
			dead({ code: 'silent', message });
			give.abort();
		});
		const ping = { code: 0, confirmable: true, options: [], payload: new Uint8Array() };
		const signal = AbortSignal.any([stop.signal, give.signal]);
		ask(ping, { exchange, clock, signal, responseWithin: within, progress() {} })
			.catch(() => {})
			.finally(() => {
				late();
				if (!stop.signal.aborted) cancel = clock.later(every / 4, look);
			});
	}

	cancel = clock.later(every, look);
	return {
		stop() {
			cancel();
			stop.abort();
		},
	};
}
