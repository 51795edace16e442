import { fail } from '../../../base/failure';
import type { Clock } from './clock';
import type { Exchange } from './exchange';
import type { Message } from './message';
import type { Handlers, Outgoing } from './outbox';

/** The reason why a message has no answer. */
export interface NoAnswer {
	why: 'timeout' | 'reset' | 'stopped' | 'cancelled';
	/** The server has acknowledged it. */
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

/** Longest wait for the answer to a non-confirmable message, which is not acknowledged. Milliseconds. */
export const nonAnswerWithin = 10_000;
const ordinals = ['first', 'second', 'third', 'fourth'];

/** The failure for a response that had to be rejected (RFC 7252, 5.4.1). `fault`: as returned by `criticalFault`. */
export const rejected = (fault: string) =>
	fail('response-rejected', `The response of the server was rejected: it has ${fault} (RFC 7252, 5.4.1).`);

/** Sends a message and resolves with its answer. Rejects with a NoAnswerError, or a FailureError if the answer had to be rejected. */
export function ask(outgoing: Outgoing, options: AskOptions): Promise<Message> {
	const { exchange, clock, signal } = options;
	return new Promise((resolve, reject) => {
		let acknowledged = false;
		let isSettled = false;
		let cancelTimer = () => {};
		const settle = (action: () => void) => {
			if (isSettled) return;
			isSettled = true;
			cancelTimer();
			signal.removeEventListener('abort', cancelled);
			// A message that fails immediately has no handle yet.
			queueMicrotask(() => handle.forget());
			action();
		};
		const none = (why: NoAnswer['why']) => settle(() => reject(new NoAnswerError({ why, acknowledged })));
		const cancelled = () => none('cancelled');
		const handlers: Handlers = {
			sent() {
				if (!outgoing.confirmable)
					cancelTimer = clock.later(Math.min(options.responseWithin, nonAnswerWithin), () => none('timeout'));
			},
			retransmitted(count: number, leftMs: number) {
				const which = `${ordinals[count - 1] ?? `${count}th`} retransmission`;
				options.progress(`${which}, fails in ${Math.round(leftMs / 1000)} s`);
			},
			acknowledged() {
				if (isSettled) return;
				acknowledged = true;
				options.progress('acknowledged; the server answers later');
				cancelTimer = clock.later(options.responseWithin, () => none('timeout'));
			},
			response: (message: Message) => settle(() => resolve(message)),
			failed: (why, fault = '') => (why === 'rejected' ? settle(() => reject(rejected(fault))) : none(why)),
		};
		const handle = outgoing.code === 0 ? exchange.ping(handlers) : exchange.request(outgoing, handlers);
		signal.addEventListener('abort', cancelled);
		if (signal.aborted) cancelled();
	});
}
