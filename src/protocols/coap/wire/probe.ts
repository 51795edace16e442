import { FailureError, fail } from '../../../base/failure';
import { codeInWords } from '../describe/codes';
import { targetOptions } from '../describe/target';
import type { Clock } from './clock';
import type { Exchange } from './exchange';
import { ask } from './no-answer';

/** How a server has shown that it is there. */
export interface SignOfLife {
	text: string;
	/** It answers pings, so a ping without an answer means something. */
	answersPings: boolean;
}

/** Some servers drop pings: this long after one, in milliseconds, they are asked for their resources too. */
export const pingAlone = 2500;

/** Resolves with the first answer to a ping or to GET /.well-known/core. Rejects when `signal` is aborted. */
export function probe(exchange: Exchange, clock: Clock, signal: AbortSignal): Promise<SignOfLife> {
	const stop = new AbortController();
	const give = AbortSignal.any([signal, stop.signal]);
	const options = { exchange, clock, signal: give, responseWithin: 60_000, progress() {} };
	const began = clock.now();
	const ms = () => Math.round((clock.now() - began) * 10) / 10;
	const core = '/.well-known/core';
	return new Promise((resolve, reject) => {
		const settle = (action: () => void) => {
			cancel();
			stop.abort();
			signal.removeEventListener('abort', aborted);
			action();
		};
		const aborted = () => settle(() => reject(fail('cancelled', 'The connection attempt was cancelled.')));
		const cancel = clock.later(pingAlone, () => {
			const answered = (what: string) =>
				settle(() =>
					resolve({ text: `${what} to GET ${core} after ${ms()} ms; it answers no pings`, answersPings: false }),
				);
			ask({ code: 1, confirmable: true, options: targetOptions(core), payload: new Uint8Array() }, options).then(
				({ code }) => answered(codeInWords(code)),
				// A response that had to be rejected is a sign of life, too.
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
