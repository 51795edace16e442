import { FailureError, fail } from '../../../base/failure';
import { codeInWords } from '../describe/codes';
import { targetOptions } from '../describe/target';
import type { Clock } from './clock';
import type { Exchange } from './exchange';
import { ask } from './no-answer';

/** The answer by which a server has shown that it can be reached. */
export interface SignOfLife {
	text: string;
	/** The server answers pings, so that a missing answer is significant. */
	answersPings: boolean;
}

/** Some servers drop pings. After this time without an answer the resources are requested as well. Milliseconds. */
export const pingAlone = 2500;

/** Resolves with the first answer to a ping or to GET /.well-known/core. Rejects when `signal` is aborted. */
export function probe(exchange: Exchange, clock: Clock, signal: AbortSignal): Promise<SignOfLife> {
	const stop = new AbortController();
	const abort = AbortSignal.any([signal, stop.signal]);
	const options = { exchange, clock, signal: abort, responseWithin: 60_000, progress() {} };
	const began = clock.now();
	const ms = () => Math.round((clock.now() - began) * 10) / 10;
	const core = '/.well-known/core';
	return new Promise((resolve, reject) => {
		const settle = (action: () => void) => {
			cancelTimer();
			stop.abort();
			signal.removeEventListener('abort', aborted);
			action();
		};
		const aborted = () => settle(() => reject(fail('cancelled', 'The connection attempt was cancelled.')));
		const cancelTimer = clock.later(pingAlone, () => {
			const answered = (what: string) =>
				settle(() =>
					resolve({ text: `${what} to GET ${core} after ${ms()} ms; it does not answer pings`, answersPings: false }),
				);
			ask({ code: 1, confirmable: true, options: targetOptions(core), payload: new Uint8Array() }, options).then(
				({ code }) => answered(codeInWords(code)),
				// A response that had to be rejected is a sign of life as well.
				(error) => error instanceof FailureError && answered('a response that had to be rejected'),
			);
		});
		signal.addEventListener('abort', aborted);
		if (signal.aborted) return aborted();
		const ping = { code: 0, confirmable: true, options: [], payload: new Uint8Array() };
		ask(ping, options).then(
			() => settle(() => resolve({ text: `answered a ping in ${ms()} ms`, answersPings: true })),
			() => {},
		);
	});
}
