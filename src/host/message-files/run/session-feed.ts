import type { Disposable } from '../../../base/disposable';
import { type Failure, toFailure } from '../../../base/failure';
import type { FeedMessage } from '../../../model/contracts/engine-api';
import type { Status, SubscriptionState } from '../../../model/contracts/session';
import type { HostSession, Sessions } from '../../connections/sessions';

/** Messages in one answer of the engine. */
const mostAtOnce = 500;

/**
 * Every message that a session receives, read from its own log. None is pushed, so none can be missed: what the log has
 * forgotten before it was read ends the listening with a failure. One question at a time, however many listen.
 */
export interface SessionFeed {
	/**
	 * From the line `from` on; undefined: everything after what is sent to the session before this call. `onEnd`: the
	 * connection has ended, and all that came before was told. `ends`: subscriptions that the peer has ended.
	 */
	listen(
		from: number | undefined,
		onMessage: (message: FeedMessage) => void,
		onEnd: (failure: Failure | undefined) => void,
		ends?: SubscriptionEnds,
	): Disposable;
}

export interface SubscriptionEnds {
	/** Those in this status that are news to the listener. */
	find(status: Status): readonly SubscriptionState[];
	/** Called when all messages that came before were told. */
	tell(ended: SubscriptionState): void;
}

interface Listener {
	/** Undefined until the engine has said where it stands. */
	start: number | undefined;
	early: FeedMessage[];
	tell(message: FeedMessage): void;
	end(failure: Failure | undefined): void;
	ends?: SubscriptionEnds;
}

export function createSessionFeed(session: HostSession, sessions: Pick<Sessions, 'onChanged' | 'get'>): SessionFeed {
	const listeners = new Set<Listener>();
	let next = 0;
	let pumping = false;
	let ended: { failure: Failure | undefined } | undefined;
	let cut: () => void = () => {};
	let cutting = Promise.resolve<undefined>(undefined);
	/** The status in which a subscription was found ended, until its listeners are told. */
	let found: Status | undefined;
	let watching: Disposable | undefined;

	function look(status: Status | undefined): void {
		const state = status?.state;
		if (status && [...listeners].some(({ ends }) => ends && ends.find(status).length > 0)) {
			found = status;
			cut();
		}
		if (ended || (state && state.kind !== 'closed' && state.kind !== 'retrying')) return;
		ended = { failure: state && 'failure' in state ? state.failure : undefined };
		cut();
	}

	function watch(): void {
		if (watching) return;
		ended = undefined;
		found = undefined;
		prepareCut();
		watching = sessions.onChanged((id) => id === session.id && look(sessions.get(id)?.status));
	}

	function prepareCut(): void {
		cutting = new Promise((resolve) => {
			cut = () => resolve(undefined);
		});
	}

	function tellEnds(status: Status): void {
		for (const { ends } of [...listeners]) for (const one of ends?.find(status) ?? []) ends?.tell(one);
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

	function give(listener: Listener, message: FeedMessage): void {
		if (listener.start === undefined) listener.early.push(message);
		else if (message.seq >= listener.start && listeners.has(listener)) listener.tell(message);
	}

	async function pump(): Promise<void> {
		const engine = session.engine();
		while (listeners.size > 0) {
			// A pending question is dropped when something ends: what it would tell is read again.
			const draining = ended;
			const drainingFor = found;
			const waits = !draining && !drainingFor;
			const asked = engine.follow(next, mostAtOnce, waits);
			const feed = waits ? await Promise.race([asked, cutting]) : await asked;
			asked.catch(() => {});
			if (!feed) {
				prepareCut();
				continue;
			}
			const kept = next + feed.lost;
			next = feed.next;
			for (const listener of feed.lost > 0 ? [...listeners] : []) {
				if (listener.start === undefined || listener.start >= kept) continue;
				remove(listener);
				listener.end(lostFailure(feed.lost));
			}
			for (const message of feed.messages) for (const listener of [...listeners]) give(listener, message);
			const waiting = [...listeners].some(({ start }) => start === undefined);
			if (feed.messages.length > 0 || waiting) continue;
			if (drainingFor) {
				if (found === drainingFor) found = undefined;
				tellEnds(drainingFor);
			}
			if (draining) endAll(draining.failure);
		}
	}

	async function begin(listener: Listener, from: number | undefined): Promise<void> {
		watch();
		const engine = session.engine();
		// Posted before anything that the caller sends from here on, and answered in this order.
		const [at, status] = await Promise.all([from ?? engine.follow(undefined, 0, false), engine.status()]);
		listener.start = typeof at === 'number' ? at : at.next;
		if (!listeners.has(listener)) return;
		look(status);
		for (const message of listener.early) give(listener, message);
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
		listen(from, tell, end, ends) {
			const listener: Listener = { start: undefined, early: [], tell, end, ends };
			listeners.add(listener);
			begin(listener, from).catch((error) => endAll(toFailure(error)));
			return { dispose: () => remove(listener) };
		},
	};
}

const lostFailure = (lines: number): Failure => ({
	code: 'evicted',
	message: `The log forgot ${lines} lines before they could be looked at, so messages may have been missed.`,
	remedy: { text: 'Raise the log’s limits in the settings.' },
});
