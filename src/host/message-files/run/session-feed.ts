import type { Disposable } from '../../../base/disposable';
import { type Failure, toFailure } from '../../../base/failure';
import type { FeedMessage } from '../../../model/contracts/engine-api';
import type { Status, SubscriptionState } from '../../../model/contracts/session';
import type { HostSession, Sessions } from '../../connections/sessions';

/** Largest number of messages in one answer of the engine. */
const pageSize = 500;

/**
 * Reads every message that a session receives from the session's log, one page at a time for all listeners. If the log
 * has evicted messages before they were read, their listeners end with a failure, so that no message is missed silently.
 */
export interface SessionFeed {
	/**
	 * `from`: the first line of the log to read; undefined: the next line at the time of this call. `onEnd` is called when
	 * the connection has ended, after all messages that came before. `ends` handles subscriptions that the peer has ended.
	 */
	listen(
		from: number | undefined,
		onMessage: (message: FeedMessage) => void,
		onEnd: (failure: Failure | undefined) => void,
		ends?: SubscriptionEnds,
	): Disposable;
}

export interface SubscriptionEnds {
	/** The ended subscriptions of a status that were not yet reported to this listener. */
	find(status: Status): readonly SubscriptionState[];
	/** Called after all messages that came before. */
	report(ended: SubscriptionState): void;
}

interface Listener {
	/** Its first line; undefined until the engine has answered. */
	start: number | undefined;
	/** Messages that were read before `start` was known. */
	early: FeedMessage[];
	onMessage(message: FeedMessage): void;
	end(failure: Failure | undefined): void;
	ends?: SubscriptionEnds;
}

export function createSessionFeed(session: HostSession, sessions: Pick<Sessions, 'onChanged' | 'get'>): SessionFeed {
	const listeners = new Set<Listener>();
	let next = 0;
	let pumping = false;
	let ended: { failure: Failure | undefined } | undefined;
	/** Interrupts the pending read of the log: `interrupted` resolves. */
	let interrupt: () => void = () => {};
	let interrupted = Promise.resolve<undefined>(undefined);
	/** The status with an ended subscription, until its listeners have a report of it. */
	let found: Status | undefined;
	let watching: Disposable | undefined;

	function handleStatus(status: Status | undefined): void {
		const state = status?.state;
		if (status && [...listeners].some(({ ends }) => ends && ends.find(status).length > 0)) {
			found = status;
			interrupt();
		}
		if (ended || (state && state.kind !== 'closed' && state.kind !== 'retrying')) return;
		ended = { failure: state && 'failure' in state ? state.failure : undefined };
		interrupt();
	}

	function watch(): void {
		if (watching) return;
		ended = undefined;
		found = undefined;
		prepareInterrupt();
		watching = sessions.onChanged((id) => id === session.id && handleStatus(sessions.get(id)?.status));
	}

	function prepareInterrupt(): void {
		interrupted = new Promise((resolve) => {
			interrupt = () => resolve(undefined);
		});
	}

	function reportEnds(status: Status): void {
		for (const { ends } of [...listeners]) for (const one of ends?.find(status) ?? []) ends?.report(one);
	}

	function remove(listener: Listener): void {
		listeners.delete(listener);
		if (listeners.size > 0) return;
		watching?.dispose();
		watching = undefined;
	}

	function endAll(failure: Failure | undefined): void {
		for (const listener of [...listeners]) {
			remove(listener);
			listener.end(failure);
		}
	}

	function deliver(listener: Listener, message: FeedMessage): void {
		if (listener.start === undefined) listener.early.push(message);
		else if (message.seq >= listener.start && listeners.has(listener)) listener.onMessage(message);
	}

	async function pump(): Promise<void> {
		const engine = session.engine();
		while (listeners.size > 0) {
			// A pending read is dropped when a connection or subscription ends. Its messages are read again without waiting.
			const draining = ended;
			const drainingFor = found;
			const waits = !draining && !drainingFor;
			const page = engine.follow(next, pageSize, waits);
			const feed = waits ? await Promise.race([page, interrupted]) : await page;
			page.catch(() => {});
			if (!feed) {
				prepareInterrupt();
				continue;
			}
			const kept = next + feed.lost;
			next = feed.next;
			for (const listener of feed.lost > 0 ? [...listeners] : []) {
				if (listener.start === undefined || listener.start >= kept) continue;
				remove(listener);
				listener.end(lostFailure(feed.lost));
			}
			for (const message of feed.messages) for (const listener of [...listeners]) deliver(listener, message);
			const waiting = [...listeners].some(({ start }) => start === undefined);
			if (feed.messages.length > 0 || waiting) continue;
			if (drainingFor) {
				if (found === drainingFor) found = undefined;
				reportEnds(drainingFor);
			}
			if (draining) endAll(draining.failure);
		}
	}

	async function begin(listener: Listener, from: number | undefined): Promise<void> {
		watch();
		const engine = session.engine();
		// The engine handles this before the messages that the caller sends from now on, and answers in this order.
		const [at, status] = await Promise.all([from ?? engine.follow(undefined, 0, false), engine.status()]);
		listener.start = typeof at === 'number' ? at : at.next;
		if (!listeners.has(listener)) return;
		handleStatus(status);
		for (const message of listener.early) deliver(listener, message);
		listener.early = [];
		if (pumping) return;
		pumping = true;
		next = listener.start;
		try {
			await pump();
		} finally {
			pumping = false;
		}
	}

	return {
		listen(from, onMessage, end, ends) {
			const listener: Listener = { start: undefined, early: [], onMessage, end, ends };
			listeners.add(listener);
			begin(listener, from).catch((error) => endAll(toFailure(error)));
			return { dispose: () => remove(listener) };
		},
	};
}

const lostFailure = (lines: number): Failure => ({
	code: 'evicted',
	message: `The log evicted ${lines} lines before they were read, so messages may be missing.`,
	remedy: { text: 'Increase the limits of the log in the settings.' },
});
