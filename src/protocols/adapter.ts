import type { Failure } from '../base/failure';
import type { Draft, Receipt } from '../model/message';
import type { ResolvedProfile, Secrets, Subscription } from '../model/profile';
import type { ConnectStep, Limits, Property, Security, StepReport } from '../model/session';

/**
 * What a protocol is for the engine. An adapter makes one attempt and one link; deadlines, retry, resubscribing, the
 * log and the tree belong to the session.
 */
export interface Adapter {
	/**
	 * One attempt. Throws a FailureError that names the reason. When `signal` is aborted it destroys what it opened and
	 * rejects; the session does not wait for that.
	 */
	connect(context: ConnectContext): Promise<Link>;
}

export interface ConnectContext {
	profile: ResolvedProfile;
	secrets: Secrets;
	limits: Limits;
	signal: AbortSignal;
	/** The attempt enters this step. */
	step(step: ConnectStep): void;
	/** What the step that was entered last has found. */
	found(detail: string): void;
	sink: Sink;
	/** Lives as long as the session and is empty at first: what must outlast a link, e.g. packet ids received at QoS 2. */
	memory: Map<string, unknown>;
}

/** Where messages go. All calls are synchronous: an adapter acknowledges after `message` has returned. */
export interface Sink {
	/**
	 * A received message. The bytes are copied. `flags`: bits 8–15 of the protocol. `meta`: properties of the message
	 * that are not in flags, a plain object that `describe.properties` understands; undefined when there are none.
	 */
	message(target: string, payload: Uint8Array, flags: number, meta?: object): void;
	/** Something the user should find in the log, e.g. a ping's round trip or the peer's last words. */
	note(text: string, bad?: boolean): void;
}

/** One open connection. */
export interface Link {
	readonly security: Security;
	/** What was negotiated, in words: "Protocol version: 5", "Session: new". */
	readonly facts: Property[];
	/** Resolves exactly once, when the link has ended for whatever reason; undefined after our own close. Never rejects. */
	readonly ended: Promise<Failure | undefined>;
	/** Resolves with what was granted; throws the refusal. */
	subscribe?(subscription: Subscription): Promise<Granted>;
	unsubscribe?(target: string): Promise<void>;
	/** Checks the draft and throws before anything leaves; after that it always resolves. When the link breaks: `unknown`. */
	send(draft: Draft): Promise<Receipt>;
	/** Flags and meta of a sent message for the log. Throws if the draft cannot be sent: called before `send`. */
	prepare(draft: Draft): { flags: number; meta?: object };
	/** Says goodbye as the protocol wants. The session calls `destroy` when it takes too long. */
	close(): Promise<void>;
	/** Closes every socket and timer at once. */
	destroy(): void;
}

export interface Granted {
	detail?: string;
	reduced?: boolean;
}

export type { Draft, Failure, Limits, Receipt, StepReport, Subscription };
