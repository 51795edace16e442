import { type Failure, FailureError } from '../base/failure';
import { createSession, type Session } from '../engine/session/session';
import { createMarking } from '../engine/store/marking';
import { unknownProtocol } from '../files/failures';
import type { Mark } from '../model/checks/mark';
import type { CheckRule } from '../model/checks/rule';
import type { Hold } from '../model/contracts/hold';
import { direction } from '../model/contracts/message';
import { defaultLimits } from '../model/contracts/session';
import type { ResolvedProfile, Secrets, Subscription } from '../model/profile/profile';
import type { ProtocolDescription } from '../protocols/description';
import { adapters } from '../protocols/index';
import { createNoStore } from './no-store';

/** A connection that can be opened. */
export interface Target {
	profile: ResolvedProfile;
	secrets: Secrets;
	description: ProtocolDescription;
}

/** A message as it arrives. The payload's bytes are valid only until the listener returns. */
export interface Arrival {
	target: string;
	payload: Uint8Array;
	flags: number;
	meta?: object;
	/** The number of the sent message that it answers. */
	answers?: number;
	/** What is wrong about its arrival, such as a replayed nonce. */
	marks?: readonly Mark[];
}

/** `seq`: its line, by which a held message is settled. */
type ArrivalListener = (message: Arrival, seq: number) => void;

export interface Opened {
	description: ProtocolDescription;
	/** The rules of the profile, by which arrivals carry marks. */
	checks: readonly CheckRule[];
	session: Session;
	onMessage(listener: ArrivalListener): () => void;
	/** Reports a subscription that the peer has ended, after all messages that came before. */
	onSubscriptionEnd(listener: SubscriptionEndListener): () => void;
	/** Reports what the adapter notes as bad, such as messages that were skipped. */
	onBadNote(listener: (text: string) => void): void;
	/** Resolves when the connection has ended by itself; undefined: without a failure. */
	ended: Promise<Failure | undefined>;
	close(): Promise<void>;
}

type SubscriptionEndListener = (subscription: Subscription, failure: Failure) => void;

const open = new Set<Session>();
let guarded = false;

/** An error that a library throws outside of any call ends the open connections, as in the editor. */
function guard(): void {
	if (guarded) return;
	guarded = true;
	const fault = (error: unknown) => {
		if (open.size === 0) throw error;
		for (const session of open) session.fault(error);
	};
	process.on('uncaughtException', fault);
	process.on('unhandledRejection', fault);
}

export interface OpenOptions {
	hold?: Hold;
	/** Ends the attempt. */
	signal?: AbortSignal;
}

/** Makes one attempt to connect, in this process. Throws a FailureError. */
export async function openTarget(
	{ profile, secrets, description }: Target,
	{ hold, signal }: OpenOptions = {},
): Promise<Opened> {
	const loadAdapter = adapters[profile.protocol];
	if (!loadAdapter) throw new FailureError(unknownProtocol(profile.protocol));
	const listeners = new Set<ArrivalListener>();
	const endListeners = new Set<SubscriptionEndListener>();
	const noteListeners = new Set<(text: string) => void>();
	const { checks = [] } = profile;
	let early: { message: Arrival; seq: number }[] | undefined = [];
	let onEnd: (failure: Failure | undefined) => void = () => {};
	const ended = new Promise<Failure | undefined>((resolve) => {
		onEnd = resolve;
	});
	const marking = createMarking(description, {
		note(text) {
			for (const listener of noteListeners) listener(text);
		},
	});
	let wasOpen = false;
	const session = createSession({
		description,
		loadAdapter,
		store: createNoStore(marking),
		onChanged({ state }) {
			if (state.kind === 'open') wasOpen = true;
			else if (state.kind === 'closed' && wasOpen) onEnd(state.failure);
		},
		onMessage(message, seq) {
			const { target, payload, flags, meta, subscriptions } = message;
			if (direction(flags) !== 'in') return;
			const marks = marking.needs(flags)
				? marking.check(0, { target, payload, flags, meta, time: Date.now(), subscriptions })
				: undefined;
			const arrival: Arrival = marks ? { ...message, marks } : message;
			if (early) {
				const kept = meta instanceof Uint8Array ? meta.slice() : meta;
				early.push({ seq, message: { ...arrival, payload: payload.slice(), meta: kept } });
			}
			for (const listener of listeners) listener(arrival, seq);
		},
		onBadNote(text) {
			for (const listener of noteListeners) listener(text);
		},
		onSubscriptionEnded(subscription, failure) {
			for (const listener of endListeners) listener(subscription, failure);
		},
	});
	guard();
	open.add(session);
	const close = async () => {
		await session.close();
		session.dispose();
		open.delete(session);
	};
	const cancel = () => void session.close();
	signal?.addEventListener('abort', cancel);
	try {
		await session.open({
			profile: { ...profile, subscriptions: [] },
			secrets,
			limits: defaultLimits,
			reconnect: false,
			...(hold && { hold }),
		});
		wasOpen = true;
	} catch (error) {
		await close();
		throw error;
	} finally {
		signal?.removeEventListener('abort', cancel);
	}
	return {
		description,
		checks,
		session,
		ended,
		close,
		onMessage(listener) {
			// Messages that arrived before the first listener was added.
			for (const { message, seq } of early ?? []) listener(message, seq);
			early = undefined;
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		onSubscriptionEnd(listener) {
			endListeners.add(listener);
			return () => endListeners.delete(listener);
		},
		onBadNote: (listener) => void noteListeners.add(listener),
	};
}
