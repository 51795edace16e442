import { type Failure, FailureError, fail } from '../../../base/failure';
import type { Granted, SubscriptionChange } from '../../adapter';
import { isSuccess } from '../describe/codes';
import type { Clock } from './clock';
import type { Exchange } from './exchange';
import type { Message, Received } from './message';
import { rejected } from './no-answer';
import { endOfObservation, noAnswer, notOpen, registrationFailure } from './observation-failures';
import { moreFollow, option, uintBytes } from './options';
import type { Handle, Handlers } from './outbox';
import { following, type Request, type TransferOptions } from './transfer';

export interface ObserveOptions extends Omit<TransferOptions, 'signal' | 'progress'> {
	exchange: Exchange;
	clock: Clock;
	/** Receives each representation. `late`: a newer one was received before it. */
	deliver(message: Message, blocks: number, late: boolean): void;
	changed(change: SubscriptionChange): void;
	note(text: string): void;
}

export interface Observation {
	/** Resolves with the first representation; rejects with the reason why there is no observation. */
	readonly granted: Promise<Granted>;
	/** Removes this client from the observers (RFC 7641, 3.6). Resolves when the server has answered, or after `ms`. */
	end(ms: number): Promise<void>;
	/** Refuses the observation with this failure if it has not been granted yet. */
	giveUp(failure: Failure): void;
	/** Ends the observation without sending anything. */
	drop(): void;
}

/** Max-Age in seconds, where a response has none (RFC 7252, 5.10.5). */
const defaultMaxAge = 60;
/** After this time a notification with a lower number is newer all the same (RFC 7641, 3.4). Milliseconds. */
const orderFor = 128_000;
/** Smaller changes of the time until which a representation is fresh are not reported. Milliseconds. */
const minReportedChange = 1000;

/** Whether the notification numbered `b` is newer than `a`, which was received `ms` milliseconds before (RFC 7641, 3.4). */
export function isNewer(a: number, b: number, ms: number): boolean {
	return (a < b && b - a < 2 ** 23) || (a > b && a - b > 2 ** 23) || ms > orderFor;
}

/**
 * Milliseconds after which a representation that is fresh for `maxAge` seconds makes the client register again: before it
 * runs out, so that a server that has forgotten the client is noticed before the value is stale. RFC 7641, 3.3.1
 * recommends to wait until it runs out to save traffic; a single client that a user watches may be earlier.
 */
export function renewAfter(maxAge: number): number {
	return Math.max(1000, Math.max(0.8 * maxAge, maxAge - 10) * 1000);
}

/** Observes one resource (RFC 7641). */
export function observe(request: Request, options: ObserveOptions): Observation {
	const { exchange, clock } = options;
	const { target } = request;
	let state: 'asking' | 'active' | 'over' = 'asking';
	let handle: Handle | undefined;
	let newest: { number: number; at: number } | undefined;
	let fetching: AbortController | undefined;
	let reportedUntil = 0;
	let renewAt = 0;
	let cancelTimer: (() => void) | undefined;
	let grant: (granted: Granted) => void = () => {};
	let refuse: (error: unknown) => void = () => {};
	const granted = new Promise<Granted>((resolve, reject) => {
		grant = resolve;
		refuse = reject;
	});

	const outgoing = (observeValue: number) => ({
		...{ code: request.code, confirmable: true, payload: request.payload, token: handle?.token },
		options: [...request.options, { number: option.observe, value: uintBytes(observeValue) }].sort(
			(a, b) => a.number - b.number,
		),
	});

	function register(): void {
		const previous = handle;
		let cancelWait = () => {};
		handle = exchange.request(outgoing(0), {
			acknowledged() {
				cancelWait = clock.later(options.responseWithin, () =>
					finish(noAnswer(`acknowledged the request to observe "${target}", but did not answer it`)),
				);
			},
			response(message) {
				cancelWait();
				receive(message);
			},
			failed(why, fault = '') {
				cancelWait();
				finish(why === 'rejected' ? rejected(fault).failure : registrationFailure(why, target));
			},
		});
		previous?.forget();
	}

	function finish(failure: Failure): void {
		if (state === 'over') return;
		const wasAsking = state === 'asking';
		state = 'over';
		cancelTimer?.();
		fetching?.abort();
		handle?.forget();
		if (wasAsking) refuse(new FailureError(failure));
		else if (failure.code !== 'not-open' && failure.code !== 'cancelled') options.changed({ failure });
	}

	function receive(message: Received) {
		if (state === 'over') return;
		const number = message.uint(option.observe);
		const hasMoreBlocks = moreFollow(message.uint(option.block2) ?? 0);
		const end = () => finish(endOfObservation(message, target, state === 'active'));
		if (!isSuccess(message.code)) return end();
		if (number === undefined) {
			// The first block alone would look like the whole representation.
			if (!hasMoreBlocks) options.deliver(message, 1, false);
			return end();
		}
		const now = exchange.heard;
		const late = newest !== undefined && !isNewer(newest.number, number, now - newest.at);
		if (!late) newest = { number, at: now };
		if (hasMoreBlocks) void fetch(message, late);
		else {
			if (!late) fetching?.abort();
			options.deliver(message, 1, late);
		}
		// Without a timer this is the answer to a renewal, which restarts the timer whatever its order.
		if (!late || !cancelTimer) keepFresh(message.uint(option.maxAge) ?? defaultMaxAge, now);
	}

	/** Fetches the other blocks of a long representation, while the observation goes on (RFC 7959, 2.6). */
	async function fetch(first: Message, late: boolean): Promise<void> {
		fetching?.abort();
		const own = new AbortController();
		fetching = own;
		const progress = () => {};
		try {
			const whole = await following(request, first, { ...options, progress, signal: own.signal });
			if (own.signal.aborted || state === 'over') return;
			// Undefined if it has changed in between: the server sends another notification for that.
			if (whole) options.deliver(whole.message, whole.blocks, late);
		} catch (error) {
			if (own.signal.aborted || state === 'over') return;
			const why = error instanceof FailureError ? error.failure.message : 'Its later blocks did not arrive.';
			options.note(`A notification of "${target}" is incomplete and not shown. ${why}`);
		}
	}

	function keepFresh(maxAge: number, now: number): void {
		const until = now + maxAge * 1000;
		renewAt = now + renewAfter(maxAge);
		if (state === 'asking' || Math.abs(until - reportedUntil) > minReportedChange) {
			reportedUntil = until;
			const terms = { detail: `Max-Age ${maxAge} s`, freshUntil: Date.now() + maxAge * 1000 };
			if (state === 'asking') grant(terms);
			else options.changed(terms);
			state = 'active';
		}
		if (!cancelTimer) startTimer();
	}

	/** One timer that checks again when it fires, instead of a new one for each notification. */
	function startTimer(): void {
		cancelTimer = clock.later(Math.max(0, renewAt - clock.now()), () => {
			cancelTimer = undefined;
			if (clock.now() < renewAt) startTimer();
			else register();
		});
	}

	function deregister(registration: Handle | undefined, ms: number): Promise<void> {
		return new Promise((resolve) => {
			const settle = () => {
				cancelWait();
				farewell.forget();
				resolve();
			};
			const handlers: Handlers = {
				// Notifications that were sent before still have the option.
				response: (message) => message.uint(option.observe) === undefined && queueMicrotask(settle),
				failed: () => queueMicrotask(settle),
			};
			const cancelWait = clock.later(ms, settle);
			const farewell = exchange.request({ ...outgoing(1), token: registration?.token }, handlers);
		});
	}

	register();
	return {
		granted,
		giveUp(failure) {
			if (state === 'asking') finish(failure);
		},
		drop: () => finish(notOpen()),
		end(ms) {
			if (state === 'over') return Promise.resolve();
			const registration = handle;
			finish(fail('cancelled', 'The observation was ended.').failure);
			return deregister(registration, ms);
		},
	};
}
