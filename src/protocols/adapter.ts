import type { Failure } from '../base/failure';
import type { ActResult, BrowsePage, Intent, Question } from '../model/contracts/browse';
import type { Draft, Receipt } from '../model/contracts/message';
import type { ConnectStep, Limits, Property, Security, StepReport } from '../model/contracts/session';
import type { Values } from '../model/profile/field';
import type { ResolvedProfile, Secrets, Subscription } from '../model/profile/profile';

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
	/** Logs a received message, or with `flag.out` one that the adapter has sent by itself. Returns its line in the log. */
	message(message: Incoming): number;
	/** Reports that a subscription has changed or ended. `id`: as given to `Link.subscribe`. */
	subscription(id: string, change: SubscriptionChange): void;
	/** The result of an earlier `browse` may be out of date. */
	browseChanged(): void;
	/** Something the user should find in the log, e.g. a ping's round trip or the peer's last words. */
	note(text: string, bad?: boolean): void;
}

/** A message for the log. Payload and property bytes are copied before `Sink.message` returns. */
export interface Incoming {
	target: string;
	payload: Uint8Array;
	/** Bits 8–15 belong to the protocol. */
	flags: number;
	/**
	 * Properties that are not in `flags`, as `description.properties` reads them; undefined when there are none. Bytes are
	 * the cheapest and the most exact form: they are stored beside the payload and decoded only when they are looked at. An
	 * object is kept as it is and must not change later.
	 */
	meta?: object;
	/** Ids of the subscriptions that brought the message; undefined where the protocol cannot tell. */
	subscriptions?: readonly string[];
	/** Line in the log of the sent message that this one answers. */
	answers?: number;
}

/** A draft that was checked and can be sent; adapters add what their `send` needs. */
export interface Prepared {
	flags: number;
	meta?: object;
	/** What the log keeps where that is not the draft's own target and payload. */
	logged?: { target: string; payload: Uint8Array };
}

/** One open connection. */
export interface Link {
	readonly security: Security;
	/** What was negotiated, in words: "Protocol version: 5", "Session: new". */
	readonly facts: Property[];
	/** Resolves exactly once, when the link has ended for whatever reason; undefined after our own close. Never rejects. */
	readonly ended: Promise<Failure | undefined>;
	/**
	 * The oldest message of which the peer has sent a part, on protocols where nothing else can be received before the rest.
	 * Called about once a second.
	 */
	unfinished?(): Unfinished | undefined;
	/** Resolves with what was granted; throws the refusal. `id` names the subscription in `Sink` from then on. */
	subscribe?(subscription: Subscription, id: string): Promise<Granted>;
	unsubscribe?(subscription: Subscription, id: string): Promise<void>;
	/** Checks a draft against the protocol and the peer's limits. Throws a FailureError if it cannot be sent. */
	prepare(draft: Draft): Prepared;
	/**
	 * Sends what `prepare` of this link has returned, once. Throws only before anything leaves; afterwards it resolves with
	 * what was proven, `unknown` when the link breaks.
	 */
	send(prepared: Prepared, sending?: Sending): Promise<Receipt>;
	/** Children of a node in `description.browse`, the top if undefined. Only reads. Throws why it cannot be told. */
	browse?(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	/** What the user must be asked first, with the numbers as they are now. Only reads. */
	ask?(intent: Intent): Promise<Question | undefined>;
	/** One of `description.actions`. Throws if nothing was done; a result otherwise, also of half a success. */
	act?(act: Act): Promise<ActResult>;
	/** Known targets that start with this text, for completion; at most `most`. From memory: it asks nobody. */
	targets?(start: string, most: number): string[];
	/** Says goodbye as the protocol wants. The session calls `destroy` when it takes too long. */
	close(): Promise<void>;
	/** Closes every socket and timer at once. */
	destroy(): void;
}

/** A message of which a part has been received. */
export interface Unfinished {
	/** When it began, by `performance.now()`. */
	since: number;
	/** Bytes so far. */
	bytes: number;
	/** All of its bytes, where its beginning declares them. */
	size?: number;
}

/** What `send` is told about the message that it sends. */
export interface Sending {
	/** Its line in the log, for `sink.message`'s `answers`. */
	seq: number;
	/** "second retransmission", "block 12 of 98"; shown until the receipt comes. `done`: 0 to 1. */
	progress(text: string, done?: number): void;
	/** Aborted when the user gives up on it: `send` then resolves soon with what is known. */
	signal: AbortSignal;
}

/** An action on its way. */
export interface Act {
	action: string;
	/** Id of a node as `browse` gave it. */
	node?: string;
	/** Lines of the log, in the order they were chosen. */
	messages: Logged[];
	values: Values;
	progress(text: string, done?: number): void;
	/** Aborted when the user stops it: the adapter ends as soon as nothing is lost by it. */
	signal: AbortSignal;
}

/** A message as it stands in the log. */
export interface Logged {
	seq: number;
	target: string;
	payload: Uint8Array;
	flags: number;
	meta?: object;
}

export interface SubscriptionChange {
	detail?: string;
	/** Milliseconds since the epoch. */
	freshUntil?: number;
	/** The peer has ended it. */
	failure?: Failure;
}

export interface Granted {
	detail?: string;
	reduced?: boolean;
	/** What came with the answer holds until then, in milliseconds since the epoch. */
	freshUntil?: number;
}

export type { Draft, Failure, Limits, Receipt, StepReport, Subscription };
