import { type Failure, FailureError, fail } from '../../../base/failure';
import type { Granted, SubscriptionChange } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { codeInWords, codeText, isSuccess } from '../describe/codes';
import type { Request } from '../messages/draft';
import type { Clock } from './clock';
import type { Exchange, Handle, Handlers } from './exchange';
import type { Message, Received } from './message';
import { rejected } from './no-answer';
import { moreFollow, option, uintBytes } from './options';
import { following, type TransferOptions } from './transfer';

export interface ObserveOptions extends Omit<TransferOptions, 'signal' | 'progress'> {
	exchange: Exchange;
	clock: Clock;
	/** A representation. `late`: a newer one has come before it. */
	deliver(message: Message, blocks: number, late: boolean): void;
	changed(change: SubscriptionChange): void;
	note(text: string): void;
}

export interface Observation {
	/** Resolves with the first representation; rejects with the reason why there is no observation. */
	readonly granted: Promise<Granted>;
	/** Takes this client off the server's list (RFC 7641, 3.6). Resolves when the server has answered, or after `ms`. */
	end(ms: number): Promise<void>;
	/** Refuses it if it was not granted yet. */
	giveUp(failure: Failure): void;
	/** Forgets it without a word. */
	drop(): void;
}

/** Seconds, where a response has no Max-Age (RFC 7252, 5.10.5). */
const usualMaxAge = 60;
/** A notification with a lower number is newer all the same after this time (RFC 7641, 3.4). Milliseconds. */
const orderFor = 128_000;
/** Changes of the time until which a representation is fresh are told if they exceed this, in milliseconds. */
const worthTelling = 1000;

/** `a` came before, `b` now: whether `b` is newer (RFC 7641, 3.4). `ms`: between them. */
export function isNewer(a: number, b: number, ms: number): boolean {
	return (a < b && b - a < 2 ** 23) || (a > b && a - b > 2 ** 23) || ms > orderFor;
}

/**
 * When to register again, in milliseconds after a representation that is fresh for `maxAge` seconds: before it runs out,
 * so that the user never looks at a stale value without knowing whether the server has forgotten us. RFC 7641, 3.3.1
 * recommends to wait until then for the sake of the network; a single client that is watched may ask earlier.
 */
export function renewAfter(maxAge: number): number {
	return Math.max(1000, Math.max(0.8 * maxAge, maxAge - 10) * 1000);
}

/** Observes one resource (RFC 7641). */
export function observe(request: Request, options: ObserveOptions): Observation {
	const { exchange, clock } = options;
	let state: 'asking' | 'active' | 'over' = 'asking';
	let handle: Handle | undefined;
	let last: { number: number; at: number } | undefined;
	let fetching: AbortController | undefined;
	let told = 0;
	let renewAt = 0;
	let cancelTimer: (() => void) | undefined;
	let grant: (granted: Granted) => void = () => {};
	let refuse: (error: unknown) => void = () => {};
	const granted = new Promise<Granted>((resolve, reject) => {
		grant = resolve;
		refuse = reject;
	});

	const withObserve = (value: number) =>
		[...request.options, { number: option.observe, value: uintBytes(value) }].sort((a, b) => a.number - b.number);
	const outgoing = (value: number) => ({
		...{ code: request.code, confirmable: true, payload: request.payload, token: handle?.token },
		options: withObserve(value),
	});

	function register(): void {
		const before = handle;
		let late = () => {};
		handle = exchange.request(outgoing(0), {
			acknowledged() {
				late = clock.later(options.responseWithin, () =>
					finish(noAnswer(`acknowledged the wish to observe "${request.target}", and did not answer it`)),
				);
			},
			response(message) {
				late();
				receive(message);
			},
			failed(why, fault = '') {
				late();
				if (why === 'rejected') finish(rejected(fault).failure);
				else if (why === 'timeout') finish(noAnswer(`did not answer the wish to observe "${request.target}"`));
				else if (why === 'reset')
					finish(fail('rejected', `The server rejected the wish to observe "${request.target}" with a reset.`).failure);
				else finish(fail('not-open', 'The connection ended.').failure);
			},
		});
		before?.forget();
	}

	const noAnswer = (what: string) => fail('no-answer', `The server ${what} within the time that CoAP allows.`).failure;

	function finish(failure: Failure): void {
		if (state === 'over') return;
		const was = state;
		drop();
		if (was === 'asking') refuse(new FailureError(failure));
		else if (failure.code !== 'not-open' && failure.code !== 'cancelled') options.changed({ failure });
	}

	function drop(): void {
		state = 'over';
		cancelTimer?.();
		fetching?.abort();
		handle?.forget();
	}

	function receive(message: Received) {
		if (state === 'over') return;
		const number = message.uint(option.observe);
		const long = moreFollow(message.uint(option.block2) ?? 0);
		if (!isSuccess(message.code)) return finish(ending(message));
		if (number === undefined) {
			// The start of a long answer alone would look like all of it.
			if (!long) options.deliver(message, 1, false);
			return finish(ending(message));
		}
		const now = exchange.heard;
		const late = last !== undefined && !isNewer(last.number, number, now - last.at);
		if (!late) last = { number, at: now };
		if (long) void fetch(message, late);
		else {
			if (!late) fetching?.abort();
			options.deliver(message, 1, late);
		}
		// Only an answer to the wish to renew is waited for without a timer.
		if (!late || !cancelTimer) fresh(message.uint(option.maxAge) ?? usualMaxAge, now);
	}

	/** The payload of an error is a diagnostic text (RFC 7252, 5.5.2) and no representation of the resource. */
	function ending(message: Message): Failure {
		const code = codeInWords(message.code);
		const { target } = request;
		const said = isSuccess(message.code)
			? ''
			: peerText(Buffer.from(message.payload).toString('utf8'), { lines: true });
		const more = {
			...(said !== '' && { evidence: said }),
			end: { code: codeText(message.code), reason: said || code.slice(codeText(message.code).length + 1) },
		};
		if (!isSuccess(message.code))
			return state === 'asking'
				? fail('refused-by-server', `The server does not let "${target}" be observed: ${code}.`, more).failure
				: fail('observation-ended', `The server ended the observation of "${target}": ${code}.`, more).failure;
		return state === 'asking'
			? fail('not-observable', `The server answered ${code} and does not offer to observe "${target}".`, more).failure
			: fail('observation-ended', `The server has taken this client off the observers of "${target}".`, more).failure;
	}

	/** The first block of a long representation: the others are asked for, and the observation goes on (RFC 7959, 2.6). */
	async function fetch(first: Message, late: boolean): Promise<void> {
		fetching?.abort();
		const own = new AbortController();
		fetching = own;
		const progress = () => {};
		try {
			const whole = await following(request, first, { ...options, progress, signal: own.signal });
			if (own.signal.aborted || state === 'over') return;
			// Changed meanwhile: the server notifies of that, too.
			if (whole) options.deliver(whole.message, whole.blocks, late);
		} catch (error) {
			if (own.signal.aborted || state === 'over') return;
			const why = error instanceof FailureError ? error.failure.message : 'Its later blocks did not come.';
			options.note(`A notification of "${request.target}" is incomplete and not shown. ${why}`);
		}
	}

	function fresh(maxAge: number, now: number): void {
		const until = now + maxAge * 1000;
		renewAt = now + renewAfter(maxAge);
		if (state === 'asking' || Math.abs(until - told) > worthTelling) {
			told = until;
			const terms = { detail: `Max-Age ${maxAge} s`, freshUntil: Date.now() + maxAge * 1000 };
			if (state === 'asking') grant(terms);
			else options.changed(terms);
			state = 'active';
		}
		if (!cancelTimer) arm();
	}

	/** One timer that looks again, instead of a new one for each notification. */
	function arm(): void {
		cancelTimer = clock.later(Math.max(0, renewAt - clock.now()), () => {
			cancelTimer = undefined;
			if (clock.now() < renewAt) arm();
			else register();
		});
	}

	register();
	return {
		granted,
		giveUp(failure) {
			if (state === 'asking') finish(failure);
		},
		drop() {
			finish(fail('not-open', 'The connection ended.').failure);
		},
		end(ms) {
			if (state === 'over') return Promise.resolve();
			const before = handle;
			finish(fail('cancelled', 'The observation was ended.').failure);
			return deregister(before, ms);
		},
	};

	function deregister(before: Handle | undefined, ms: number): Promise<void> {
		return new Promise((resolve) => {
			const over = () => {
				late();
				farewell.forget();
				resolve();
			};
			const handlers: Handlers = {
				// Notifications that were on their way still have the option.
				response: (message) => message.uint(option.observe) === undefined && queueMicrotask(over),
				failed: () => queueMicrotask(over),
			};
			const late = clock.later(ms, over);
			const farewell = exchange.request({ ...outgoing(1), token: before?.token }, handlers);
		});
	}
}
