import { fail } from '../../../base/failure';
import type { Clock } from './clock';
import type { Exchange, Handlers, Outgoing } from './exchange';
import type { Message } from './message';

/** Why a message has no answer. */
export interface NoAnswer {
	why: 'timeout' | 'reset' | 'stopped' | 'cancelled';
	/** It arrived for certain. */
	acknowledged: boolean;
}

export class NoAnswerError extends Error {
	constructor(readonly reason: NoAnswer) {
		super(reason.why);
	}
}

export interface AskOptions {
	exchange: Exchange;
	clock: Clock;
	/** Milliseconds that a separate response may take. */
	responseWithin: number;
	signal: AbortSignal;
	progress(text: string): void;
}

/** A non-confirmable message has nothing but its answer: not longer than this, in milliseconds. */
export const nonAnswerWithin = 10_000;
const ordinals = ['first', 'second', 'third', 'fourth'];

/** Why a response of the server was not taken (RFC 7252, 5.4.1). `fault`: as `criticalFault` says it. */
export const rejected = (fault: string) =>
	fail('response-rejected', `The response of the server was rejected: it has ${fault} (RFC 7252, 5.4.1).`);

/** One message and its one answer. Rejects with a NoAnswerError, or with a FailureError where the answer had to be rejected. */
export function ask(outgoing: Outgoing, options: AskOptions): Promise<Message> {
	const { exchange, clock, signal } = options;
	return new Promise((resolve, reject) => {
		let acknowledged = false;
		let over = false;
		let late = () => {};
		const settle = (action: () => void) => {
			if (over) return;
			over = true;
			late();
			signal.removeEventListener('abort', cancelled);
			// A message that fails at once has no handle yet.
			queueMicrotask(() => handle.forget());
			action();
		};
		const none = (why: NoAnswer['why']) => settle(() => reject(new NoAnswerError({ why, acknowledged })));
		const cancelled = () => none('cancelled');
		const handlers: Handlers = {
			sent() {
				if (!outgoing.confirmable)
					late = clock.later(Math.min(options.responseWithin, nonAnswerWithin), () => none('timeout'));
			},
			retransmitted(count: number, leftMs: number) {
				const which = `${ordinals[count - 1] ?? `${count}th`} retransmission`;
				options.progress(`${which}, gives up in ${Math.round(leftMs / 1000)} s`);
			},
			acknowledged() {
				if (over) return;
				acknowledged = true;
				options.progress('acknowledged; the server answers later');
				late = clock.later(options.responseWithin, () => none('timeout'));
			},
			response: (message: Message) => settle(() => resolve(message)),
			failed: (why, fault = '') => (why === 'rejected' ? settle(() => reject(rejected(fault))) : none(why)),
		};
		const handle = outgoing.code === 0 ? exchange.ping(handlers) : exchange.request(outgoing, handlers);
		signal.addEventListener('abort', cancelled);
		if (signal.aborted) cancelled();
	});
}
