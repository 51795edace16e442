import type { Disposable } from '../../base/disposable';
import type { Failure } from '../../base/failure';
import type { Subscription } from '../../model/profile/profile';
import type { Clock, Connection, Received } from './connection';

export type Waited = 'there' | 'late' | 'ended' | 'stopped';

/** The code of an end that is not the connection's. */
export const subscriptionEnded = 'subscription-ended';

/** Messages that fit a request, from the moment it is made. Every wait ends. */
export interface Inbox extends Disposable {
	readonly messages: Received[];
	/** Why the connection or one of the subscriptions ended. */
	readonly failure: Failure | undefined;
	/** Until `enough` holds; `ms` undefined: until stopped or the connection or a subscription ends. */
	wait(enough: () => boolean, ms: number | undefined): Promise<Waited>;
}

export interface InboxOptions {
	connection: Connection;
	/** Whose ends are the request's own. */
	subscriptions: readonly Subscription[];
	fits(message: Received): boolean;
	clock: Clock;
	signal: AbortSignal;
	onMessage?(count: number): void;
}

export function createInbox({ connection, subscriptions, fits, clock, signal, onMessage }: InboxOptions): Inbox {
	const messages: Received[] = [];
	const looks = new Set<() => void>();
	let state: 'open' | 'ended' = 'open';
	let failure: Failure | undefined;
	const look = () => {
		for (const one of [...looks]) one();
	};
	const end = (why: Failure | undefined) => {
		state = 'ended';
		failure ??= why;
		look();
	};
	const listening = connection.listen(
		(message) => {
			if (!fits(message)) return;
			messages.push(message);
			onMessage?.(messages.length);
			look();
		},
		end,
		({ target, mode }, why) => {
			if (subscriptions.some((one) => one.target === target && one.mode === mode))
				end({ ...why, code: subscriptionEnded });
		},
	);
	signal.addEventListener('abort', look);
	return {
		messages,
		get failure() {
			return failure;
		},
		wait: (enough, ms) =>
			new Promise((resolve) => {
				let late = false;
				const settle = () => {
					const waited: Waited | undefined = enough()
						? 'there'
						: signal.aborted
							? 'stopped'
							: state === 'ended'
								? 'ended'
								: late
									? 'late'
									: undefined;
					if (waited === undefined) return;
					timer?.dispose();
					looks.delete(settle);
					resolve(waited);
				};
				looks.add(settle);
				const timer =
					ms === undefined
						? undefined
						: clock.after(ms, () => {
								late = true;
								settle();
							});
				settle();
			}),
		dispose() {
			listening.dispose();
			signal.removeEventListener('abort', look);
		},
	};
}
