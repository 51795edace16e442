import { withDeadline } from '../../base/deadline';
import { type Failure, FailureError, fail, toFailure } from '../../base/failure';
import type { OpenRequest, SessionState, UnfinishedMessage } from '../../model/contracts/session';
import { redact, redactFailure } from '../../model/text/redact';
import { unfinishedText } from '../../model/text/words';
import type { Adapter, Link, Sink } from '../../protocols/adapter';
import { attempt } from './attempt';
import { heldAtEnd } from './held-at-end';
import { redactorFor } from './redact-sink';
import { type Ended, keepConnected } from './retry';
import type { Subscriptions } from './subscriptions';
import { watchUnfinished } from './unfinished';

/** Milliseconds within which a link has to close. */
const closeWithin = 1500;

/** The attempts and links of a session, one after the other. */
export interface Connection {
	readonly state: SessionState;
	/** Undefined unless it is open. */
	readonly link: Link | undefined;
	/** The latest link. Outcomes still reach it after it has ended, since some protocols continue a session. */
	readonly settler: Link | undefined;
	/** The open link. Throws `not-open`. */
	need(): Link;
	/** Resolves with the first link, and connects again until closed. Rejects with the failure of the first attempt. */
	open(request: OpenRequest): Promise<void>;
	close(): Promise<void>;
	/** Ends the link, or the attempt. */
	fault(failure: Failure): void;
	dispose(): void;
}

export interface ConnectionOptions {
	loadAdapter(): Promise<Adapter>;
	sink: Sink;
	subscriptions: Subscriptions;
	/** Milliseconds before a retry; the first is 1. */
	pause(attempt: number): number;
	/** Called before the first attempt of a request. */
	starting(request: OpenRequest): void;
	/** Called when a link has ended. Undefined: as the user wanted. */
	lost(failure?: Failure): void;
	note(text: string, bad?: boolean): void;
	changed(): void;
}

export function createConnection(options: ConnectionOptions): Connection {
	const { sink, subscriptions, pause, lost, note, changed } = options;
	const memory = new Map<string, unknown>();
	let state: SessionState = { kind: 'closed' };
	let link: Link | undefined;
	let settler: Link | undefined;
	/** The run that may change the state. A newer `open` or a `close` makes it obsolete. */
	let run: AbortController | undefined;
	let reportFault: ((failure: Failure) => void) | undefined;

	function set(next: SessionState): void {
		state = next;
		changed();
	}

	async function open(request: OpenRequest): Promise<void> {
		if (state.kind === 'open' || state.kind === 'connecting' || state.kind === 'closing')
			throw fail('already-open', 'The connection is already open or being opened.');
		run?.abort();
		const own = new AbortController();
		run = own;
		options.starting(request);
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
		lost(failure);
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
		if (!own || state.kind === 'closed') return;
		set({ kind: 'closing' });
		own.abort();
		if (current) {
			noteHeld(current);
			await withDeadline(current.close(), closeWithin, () => undefined).catch(() => {});
			current.destroy();
		}
		lost();
		note('Disconnected.');
		set({ kind: 'closed' });
	}

	return {
		get state() {
			return state;
		},
		get link() {
			return link;
		},
		get settler() {
			return settler;
		},
		need() {
			if (!link) throw fail('not-open', 'The connection is not open.', { remedy: { text: 'Connect first.' } });
			return link;
		},
		open,
		close,
		fault: (failure) => reportFault?.(failure),
		dispose() {
			run?.abort();
			link?.destroy();
		},
	};
}
