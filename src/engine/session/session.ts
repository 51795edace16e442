import { Coalescer } from '../../base/coalesce';
import { type Failure, fail, toFailure } from '../../base/failure';
import type { ActApi, HoldApi, ReadApi } from '../../model/contracts/engine-api';
import { unacknowledged } from '../../model/contracts/hold';
import { flag } from '../../model/contracts/message';
import type { OpenRequest, Status, TestReport } from '../../model/contracts/session';
import type { Values } from '../../model/profile/field';
import { type Subscription, subscriptionId } from '../../model/profile/profile';
import type { Adapter, Incoming, Sink } from '../../protocols/adapter';
import type { ProtocolDescription } from '../../protocols/description';
import type { Store } from '../store/store';
import { createActing } from './actions';
import { createConnection } from './connection';
import { createDraftCheck } from './draft-check';
import { createRepeats } from './repeats';
import { retryPause } from './retry';
import { createSender } from './sending';
import { createSubscriptions } from './subscriptions';
import { testConnection } from './test-connection';

/** Milliseconds. */
const statusEvery = 100;

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

/** The connection of a profile, with the subscriptions and repeats that outlive a link. */
export function createSession(options: SessionOptions): Session {
	const { store, description } = options;
	const encoder = new TextEncoder();
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
	const need = () => connection.need();
	const sender = createSender({ store, link: need, changed, check, receiptWithin: description.receiptWithin });
	const repeats = createRepeats(sender.send, changed);
	const acting = createActing({ description, link: need, logged: store.logged, changed });
	let browse = 0;
	let profileValues: Values = {};
	let revision = 0;

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

	const connection = createConnection({
		...{ loadAdapter: options.loadAdapter, sink, subscriptions, note, changed },
		pause: options.pause ?? retryPause,
		starting({ profile }) {
			profileValues = profile.values;
			subscriptions.want(profile.subscriptions);
			store.setChecks(profile.checks ?? []);
		},
		lost(failure) {
			subscriptions.lost(failure);
			acting.lost();
			store.endSettlements();
		},
	});

	function note(text: string, bad = false): void {
		store.append('', encoder.encode(text), flag.note | (bad ? flag.bad : 0));
		changed();
	}

	function status(): Status {
		return {
			revision: ++revision,
			state: connection.state,
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
			states: connection.link?.states?.() ?? [],
			held: connection.link?.held?.() ?? 0,
			running: acting.running,
			underway: sender.underway,
			...options.recordings?.(),
		};
	}

	return {
		open: connection.open,
		close() {
			repeats.stopAll();
			return connection.close();
		},
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
			const current = connection.need();
			store.subscribed(idOf(subscription));
			return subscriptions.add(current, subscription, hold);
		},
		settle(seqs, outcome) {
			connection.settler?.settle?.(seqs, outcome);
			changed();
		},
		unsubscribe: (subscription) => subscriptions.remove(connection.link, subscription),
		repeat: (draft, everyMs) => {
			check(draft);
			connection.need().prepare(draft);
			return repeats.start(draft, everyMs);
		},
		stopRepeat: (id) => repeats.stop(id),
		clear() {
			store.clear();
			changed();
		},
		fault(error) {
			const { evidence } = toFailure(error);
			connection.fault({
				code: 'library-fault',
				message: 'The peer sent something that the protocol library could not handle, so the connection was ended.',
				evidence,
			});
		},
		dispose() {
			connection.dispose();
			repeats.stopAll();
			coalescer.dispose();
		},
	};
}
