import type { Clock } from './clock';
import type { Exchange, Outgoing } from './exchange';
import type { Message } from './packet';

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

/** One message and its one answer. Rejects with a NoAnswerError. */
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
		const handlers = {
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
			failed: none,
		};
		const handle = outgoing.code === 0 ? exchange.ping(handlers) : exchange.request(outgoing, handlers);
		signal.addEventListener('abort', cancelled);
		if (signal.aborted) cancelled();
	});
}
