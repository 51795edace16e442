import { Coalescer } from '../../base/coalesce';
import { withDeadline } from '../../base/deadline';
import { type Failure, FailureError, fail, toFailure } from '../../base/failure';
import type { ActApi, HoldApi, ReadApi } from '../../model/contracts/engine-api';
import { unacknowledged } from '../../model/contracts/hold';
import { flag } from '../../model/contracts/message';
import type { OpenRequest, SessionState, Status, TestReport, UnfinishedMessage } from '../../model/contracts/session';
import type { Values } from '../../model/profile/field';
import { type Subscription, subscriptionId } from '../../model/profile/profile';
import { redact, redactFailure } from '../../model/text/redact';
import { unfinishedText } from '../../model/text/words';
import type { Adapter, Incoming, Link, Sink } from '../../protocols/adapter';
import type { ProtocolDescription } from '../../protocols/description';
import type { Store } from '../store/store';
import { createActing } from './actions';
import { attempt } from './attempt';
import { createDraftCheck } from './draft-check';
import { heldAtEnd } from './held-at-end';
import { redactorFor } from './redact-sink';
import { createRepeats } from './repeats';
import { type Ended, keepConnected, retryPause } from './retry';
import { createSender } from './sending';
import { createSubscriptions } from './subscriptions';
import { testConnection } from './test-connection';
import { watchUnfinished } from './unfinished';

/** Milliseconds. */
const statusEvery = 100;
const closeWithin = 1500;

export interface Session extends Omit<ActApi, 'subscribe'>, HoldApi, Pick<ReadApi, 'browse' | 'graph' | 'ask'> {
	/** Targets of the peer with this prefix, at most `most`, from memory. */
	targets(start: string, most: number): string[];
	open(request: OpenRequest): Promise<void>;
	test(request: OpenRequest): Promise<TestReport>;
	close(): Promise<void>;
	status(): Status;
	/** Ends the link after an uncaught exception: its state is no longer reliable. */
	fault(error: unknown): void;
	dispose(): void;
}

export interface SessionOptions {
	description: ProtocolDescription;
	loadAdapter(): Promise<Adapter>;
	/** The session only writes to it, and reads the messages of an action. */
	store: Omit<Store, 'reader' | 'feed' | 'next' | 'message' | 'tap'>;
	onChanged(status: Status): void;
	/** Called with each received message and its line, for callers without a log. The bytes are valid until it returns. */
	onMessage?(message: Incoming, seq: number): void;
	/** Called with what the adapter notes as bad, for callers without a log. */
	onBadNote?(text: string): void;
	/** Called when the peer has ended an active subscription, after all earlier messages. */
	onSubscriptionEnded?(subscription: Subscription, failure: Failure): void;
	/** The recordings of the session, as a part of its status. */
	recordings?(): Pick<Status, 'recording' | 'history'>;
	/** For tests. */
	pause?: (attempt: number) => number;
}

/** Attempts, link and retry of a profile, with the subscriptions and repeats that outlive a link. */
export function createSession(options: SessionOptions): Session {
	const { store, description } = options;
	const pause = options.pause ?? retryPause;
	const encoder = new TextEncoder();
	const memory = new Map<string, unknown>();
	const coalescer = new Coalescer(statusEvery, () => options.onChanged(status()));
	const changed = () => coalescer.request();
	const subscriptions = createSubscriptions({
		...{ modes: description.subscription?.modes, identity: description.subscription?.identity },
		holdingOf: (subscription) => description.subscription?.holds?.(subscription, profileValues) ?? unacknowledged,
		note,
		changed,
		ended: options.onSubscriptionEnded,
	});
	const check = createDraftCheck(description);
	const idOf = subscriptionId(description.subscription);
	const sender = createSender({ store, link: need, changed, check, receiptWithin: description.receiptWithin });
	const repeats = createRepeats(sender.send, changed);
	const acting = createActing({ description, link: need, logged: store.logged, changed });
	let browse = 0;
	let profileValues: Values = {};
	let state: SessionState = { kind: 'closed' };
	let revision = 0;
	let link: Link | undefined;
	/** The latest link. Outcomes still reach it after it has ended, since some protocols continue a session. */
	let settler: Link | undefined;
	/** The run that may change the state. A newer `open` or a `close` makes it obsolete. */
	let run: AbortController | undefined;
	let reportFault: ((failure: Failure) => void) | undefined;

	const sink: Sink = {
		message(message) {
			const { target, payload, flags, meta, subscriptions: sources, answers } = message;
			const seq = store.append(target, payload, flags, meta, sources);
			if (answers !== undefined) store.answer(seq, answers);
			if ((flags & flag.out) === 0) options.onMessage?.(message, seq);
			changed();
			return seq;
		},
		subscription: (id, change) => subscriptions.change(id, change),
		browseChanged() {
			browse++;
			changed();
		},
		settlement(seq, settlement) {
			store.settle(seq, settlement);
			changed();
		},
		note(text, bad) {
			note(text, bad);
			if (bad) options.onBadNote?.(text);
		},
	};

	function note(text: string, bad = false): void {
		store.append('', encoder.encode(text), flag.note | (bad ? flag.bad : 0));
		changed();
	}

	function set(next: SessionState): void {
		state = next;
		changed();
	}

	function status(): Status {
		return {
			revision: ++revision,
			state,
			received: store.received,
			sent: store.sent,
			kept: store.kept,
			notes: store.notes,
			keptBytes: store.keptBytes,
			evicted: store.evicted,
			topics: store.topics,
			unlisted: store.unlisted,
			marked: store.marked,
			rate: store.rate(),
			subscriptions: subscriptions.states,
			finished: subscriptions.finished,
			repeats: repeats.list,
			browse,
			states: link?.states?.() ?? [],
			held: link?.held?.() ?? 0,
			running: acting.running,
			underway: sender.underway,
			...options.recordings?.(),
		};
	}

	async function open(request: OpenRequest): Promise<void> {
		if (state.kind === 'open' || state.kind === 'connecting' || state.kind === 'closing')
			throw fail('already-open', 'The connection is already open or being opened.');
		run?.abort();
		const own = new AbortController();
		run = own;
		profileValues = request.profile.values;
		subscriptions.want(request.profile.subscriptions);
		store.setChecks(request.profile.checks ?? []);
		set({ kind: 'connecting', step: 'lookup', since: Date.now() });
		await new Promise<void>((resolve, reject) => {
			void keepOpen(own, request, resolve, reject).catch((error) => {
				reject(error);
				if (run === own) set({ kind: 'closed', failure: toFailure(error) });
			});
		});
	}

	/** Connects and reconnects until closed. `opened` or `failed` is called with the outcome of the first attempt. */
	async function keepOpen(
		own: AbortController,
		request: OpenRequest,
		opened: () => void,
		failed: (error: unknown) => void,
	): Promise<void> {
		const failure = await keepConnected({
			...{ pause, signal: own.signal, reconnects: request.reconnect },
			connect: () =>
				once(own, request, opened).catch((error) => {
					failed(error);
					throw error;
				}),
			lost: ({ message, evidence }) => note(evidence ? `${message} (${evidence})` : message, true),
			waits: (attempt, ms, failure) => set({ kind: 'retrying', attempt, at: Date.now() + ms, failure }),
		});
		if (!own.signal.aborted) set({ kind: 'closed', ...(failure && { failure }) });
	}

	/**
	 * One attempt and its link. Resolves with the reason of the end and the link's lifetime in milliseconds; throws if
	 * it never opened.
	 */
	async function once(own: AbortController, request: OpenRequest, opened: () => void): Promise<Ended> {
		const since = Date.now();
		set({ kind: 'connecting', step: 'lookup', since });
		const faults = new AbortController();
		reportFault = (failure) => faults.abort(new FailureError(redactFailure(failure, redactorFor(request))));
		const signal = AbortSignal.any([own.signal, faults.signal]);
		let hasEnded = false;
		const current = await attempt({
			adapter: await options.loadAdapter(),
			request,
			memory,
			holding: subscriptions.holding,
			// Its messages cannot be settled any more.
			sink: { ...sink, settlement: (...what) => hasEnded || sink.settlement(...what) },
			signal,
			onStep: (step) => run === own && set({ kind: 'connecting', step, since }),
			onFound: () => {},
		}).catch((error) => {
			throw faults.signal.aborted ? faults.signal.reason : error;
		});
		if (signal.aborted) {
			current.destroy();
			return { failure: faults.signal.aborted ? toFailure(faults.signal.reason) : undefined, ms: 0 };
		}
		const broken = new Promise<Failure>((resolve) => {
			faults.signal.addEventListener('abort', () => resolve(toFailure(faults.signal.reason)));
		});
		link = current;
		settler = current;
		const openSince = Date.now();
		set({ kind: 'open', since: openSince, security: current.security, facts: current.facts });
		note(
			`Connected: ${current.facts.map((fact) => `${fact.label} ${fact.value}`).join(', ') || redact(request.profile.url)}`,
		);
		opened();
		void subscriptions.restore(current);
		const unwatch = watchUnfinished(current, unfinished);
		const failure = await Promise.race([current.ended, broken]);
		unwatch();
		hasEnded = true;
		// `close` has noted it already.
		if (link === current) noteHeld(current);
		current.destroy();
		if (link === current) link = undefined;
		subscriptions.lost(failure);
		acting.lost();
		store.endSettlements();
		return { failure, ms: Date.now() - openSince };
	}

	/** Held messages are left to the peer when the link ends. */
	function noteHeld(ended: Link): void {
		const count = ended.held?.() ?? 0;
		if (count > 0) note(heldAtEnd(count, subscriptions.states), true);
	}

	function unfinished(message: UnfinishedMessage | undefined): void {
		if (state.kind !== 'open') return;
		if (!state.unfinished && message)
			note(`Nothing can be received: the connection is ${unfinishedText(message)} have arrived.`, true);
		if (!message) note('The rest of the message has arrived.');
		set({ ...state, unfinished: message });
	}

	async function close(): Promise<void> {
		const own = run;
		const current = link;
		run = undefined;
		link = undefined;
		repeats.stopAll();
		if (!own || state.kind === 'closed') return;
		set({ kind: 'closing' });
		own.abort();
		if (current) {
			noteHeld(current);
			await withDeadline(current.close(), closeWithin, () => undefined).catch(() => {});
			current.destroy();
		}
		subscriptions.lost();
		acting.lost();
		store.endSettlements();
		note('Disconnected.');
		set({ kind: 'closed' });
	}

	function need(): Link {
		if (!link) throw fail('not-open', 'The connection is not open.', { remedy: { text: 'Connect first.' } });
		return link;
	}

	return {
		open,
		close,
		send: sender.send,
		cancel: sender.cancel,
		browse: acting.browse,
		graph: acting.graph,
		ask: acting.ask,
		act: acting.act,
		targets: acting.targets,
		stop: acting.stop,
		status,
		async test(request) {
			const own = new AbortController();
			return testConnection(await options.loadAdapter(), request, own.signal);
		},
		async subscribe(subscription, hold) {
			const wrong = description.subscription?.check(subscription.target, subscription.mode);
			if (wrong) throw fail('bad-target', wrong);
			const current = need();
			store.subscribed(idOf(subscription));
			return subscriptions.add(current, subscription, hold);
		},
		settle(seqs, outcome) {
			settler?.settle?.(seqs, outcome);
			changed();
		},
		unsubscribe: (subscription) => subscriptions.remove(link, subscription),
		repeat: (draft, everyMs) => {
			check(draft);
			need().prepare(draft);
			return repeats.start(draft, everyMs);
		},
		stopRepeat: (id) => repeats.stop(id),
		clear() {
			store.clear();
			changed();
		},
		fault(error) {
			const { evidence } = toFailure(error);
			reportFault?.({
				code: 'library-fault',
				message: 'The peer sent something that the protocol library could not handle, so the connection was ended.',
				evidence,
			});
		},
		dispose() {
			run?.abort();
			link?.destroy();
			repeats.stopAll();
			coalescer.dispose();
		},
	};
}
