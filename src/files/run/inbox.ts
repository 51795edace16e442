import type { Disposable } from '../../base/disposable';
import { type Failure, FailureError } from '../../base/failure';
import { type Subscription, subscriptionId } from '../../model/profile/profile';
import { connectionEnded, placed, stopped } from '../failures';
import type { Range } from '../syntax/ast';
import type { Clock, Connection, Received } from './connection';
import { subscriptionEnded, whyEnded } from './results/ends';

/** Why a wait ended: its condition holds, the time is over, the peer ended the connection, the user stopped the request. */
export type Waited = 'done' | 'timeout' | 'ended' | 'stopped';

/** The messages for a request, from its creation on. Every wait ends. */
export interface Inbox extends Disposable {
	readonly messages: Received[];
	/** Why the connection or one of the subscriptions ended. */
	readonly failure: Failure | undefined;
	/** Waits until `enough` holds. `ms`: time limit in milliseconds; undefined: none. */
	wait(enough: () => boolean, ms: number | undefined): Promise<Waited>;
}

export interface InboxOptions {
	connection: Connection;
	/** The inbox ends with any of these, too. */
	subscriptions: readonly Subscription[];
	fits(message: Received): boolean;
	clock: Clock;
	signal: AbortSignal;
	onMessage?(count: number): void;
}

export function createInbox({ connection, subscriptions, fits, clock, signal, onMessage }: InboxOptions): Inbox {
	const messages: Received[] = [];
	const idOf = subscriptionId(connection.description.subscription);
	/** One for each wait. */
	const checks = new Set<() => void>();
	let ended = false;
	let failure: Failure | undefined;
	const checkAll = () => {
		for (const check of [...checks]) check();
	};
	const end = (reason: Failure | undefined) => {
		ended = true;
		failure ??= reason;
		checkAll();
	};
	const listening = connection.listen(
		(message) => {
			if (!fits(message)) return;
			messages.push(message);
			onMessage?.(messages.length);
			checkAll();
		},
		end,
		(subscription, reason) => {
			if (subscriptions.some((one) => idOf(one) === idOf(subscription))) end({ ...reason, code: subscriptionEnded });
		},
	);
	signal.addEventListener('abort', checkAll);
	return {
		messages,
		get failure() {
			return failure;
		},
		wait: (enough, ms) =>
			new Promise((resolve) => {
				let timedOut = false;
				const waited = (): Waited | undefined => {
					if (enough()) return 'done';
					if (signal.aborted) return 'stopped';
					if (ended) return 'ended';
					return timedOut ? 'timeout' : undefined;
				};
				const check = () => {
					const result = waited();
					if (result === undefined) return;
					timer?.dispose();
					checks.delete(check);
					resolve(result);
				};
				checks.add(check);
				const onTimeout = () => {
					timedOut = true;
					check();
				};
				const timer = ms === undefined ? undefined : clock.after(ms, onTimeout);
				check();
			}),
		dispose() {
			listening.dispose();
			signal.removeEventListener('abort', checkAll);
		},
	};
}

/** Throws if a wait ended before its time, with the reason of the end. `range`: the place to show. */
export function throwIfEnded(waited: Waited, { failure }: Inbox, range?: Range): void {
	if (waited === 'stopped') throw placed(stopped, range);
	if (waited !== 'ended') return;
	throw failure ? new FailureError(whyEnded(failure, range)) : placed(connectionEnded, range);
}
