import type { Failure } from '../base/failure';
import type { ActResult, BrowsePage, Intent, Question } from '../model/contracts/browse';
import type { Graph } from '../model/contracts/graph';
import type { Hold, Holding, Outcome } from '../model/contracts/hold';
import type { Draft, Receipt, Settlement } from '../model/contracts/message';
import type { ConnectStep, Limits, Property, Security, StepReport } from '../model/contracts/session';
import type { Values } from '../model/profile/field';
import type { ResolvedProfile, Secrets, Subscription } from '../model/profile/profile';

/**
 * A protocol as the engine uses it. An adapter makes one attempt and one link; deadlines, retries, resubscribing, the log
 * and the tree belong to the session.
 */
export interface Adapter {
	/**
	 * Makes one attempt. Throws a FailureError that names the reason. When `signal` is aborted, it destroys what it has
	 * opened and rejects; the session does not wait for that.
	 */
	connect(context: ConnectContext): Promise<Link>;
}

export interface ConnectContext {
	profile: ResolvedProfile;
	secrets: Secrets;
	limits: Limits;
	signal: AbortSignal;
	/** Reports that the attempt enters this step. */
	step(step: ConnectStep): void;
	/** Reports the result of the current step. */
	found(detail: string): void;
	sink: Sink;
	/** Subscriptions with `Hold` will be made at once: what a stored session delivers before them is left for them. */
	hold?: Hold;
	/** Subscriptions with `Hold` of the link before, which are made again. Undefined: none. */
	holding?: readonly { id: string; subscription: Subscription }[];
	/** Values that must outlast a link, such as packet ids received at QoS 2. Lives as long as the session. */
	memory: Map<string, unknown>;
	/**
	 * Called with each socket as soon as it is open, for callers that count bytes on the wire. `shared/dial` does this for
	 * TCP; an adapter with sockets of its own does it itself.
	 */
	opened?(socket: Traffic): void;
}

/**
 * Bytes that a socket has sent and received so far: the payloads of TCP segments or UDP datagrams, with TLS or DTLS
 * outside, without the headers of TCP, UDP and IP. Exact while the socket is open.
 */
export interface Traffic {
	readonly sent: number;
	readonly received: number;
	/** Opening it took a round trip of its own (TCP). */
	readonly handshake?: true;
}

/** Receives the messages of a link. All calls are synchronous; an adapter acknowledges after `message` has returned. */
export interface Sink {
	/** Logs a received message, or with `flag.out` one that the adapter has sent by itself. Returns its line in the log. */
	message(message: Incoming): number;
	/** Reports that a subscription has changed or ended. `id`: as given to `Link.subscribe`. */
	subscription(id: string, change: SubscriptionChange): void;
	/**
	 * Reports the outcome of a received message, or that the peer waits for one. `seq`: its line, as returned by `message`.
	 * Actions with `settles` are offered while it is open; the session ends open ones when the link ends.
	 */
	settlement(seq: number, state: Settlement): void;
	/** The result of an earlier `browse` may be out of date. */
	browseChanged(): void;
	/** Writes a line for the user into the log, such as the round trip of a ping. */
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
	 * the cheapest form: they are stored beside the payload and decoded only when they are looked at. An object is kept as
	 * it is and must not change later.
	 */
	meta?: object;
	/** Ids of the subscriptions that brought the message; undefined if they are not known. */
	subscriptions?: readonly string[];
	/** Line of the sent message that this one answers. */
	answers?: number;
}

/** A draft that was checked and can be sent. Adapters add members for their `send`. */
export interface Prepared {
	flags: number;
	meta?: object;
	/** Target and payload for the log, if they differ from the draft's. */
	logged?: { target: string; payload: Uint8Array };
}

/** One open connection. */
export interface Link {
	readonly security: Security;
	/** The result of the negotiation in words: "Protocol version: 5", "Session: new". */
	readonly facts: Property[];
	/** Resolves when the link has ended, with the reason, or with undefined after `close` or `destroy`. Never rejects. */
	readonly ended: Promise<Failure | undefined>;
	/**
	 * The oldest message of which the peer has sent only a part, in protocols where nothing else can be received before the
	 * rest. Called about once a second.
	 */
	unfinished?(): Unfinished | undefined;
	/**
	 * Resolves with the granted options; throws the refusal. `id` names the subscription in `Sink` from then on. With `hold`,
	 * which is only given where the description says that it holds, its messages have `flag.held` and are acknowledged by
	 * `settle`. A subscription with the same id is replaced, and `unsubscribe` ends it: messages that it still holds go back to
	 * the peer.
	 */
	subscribe?(subscription: Subscription, id: string, hold?: Hold): Promise<Granted>;
	unsubscribe?(subscription: Subscription, id: string): Promise<void>;
	/**
	 * Settles held messages by their lines, in the order in which they are given. Does nothing for lines that are not held,
	 * have been settled or belong to an ended subscription or link.
	 */
	settle?(seqs: readonly number[], outcome: Outcome): void;
	/** Number of held messages without an outcome. */
	held?(): number;
	/** Checks a draft against the protocol and the peer's limits. Throws a FailureError if it cannot be sent. */
	prepare(draft: Draft): Prepared;
	/**
	 * Sends a draft that `prepare` of this link has returned, once. Throws only before anything is sent; afterwards it
	 * resolves with what was proven, and with `unknown` when the link breaks.
	 */
	send(prepared: Prepared, sending?: Sending): Promise<Receipt>;
	/** Children of a node in the tree of `description.browse`; undefined: the top. Only reads. Throws a FailureError. */
	browse?(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	/**
	 * The network of the peer's objects, within `graphLimits`. With a text, the objects whose names contain it and their
	 * neighbours. Only reads. Throws a FailureError.
	 */
	graph?(find: string): Promise<Graph>;
	/** The question that the user must confirm first, with the current numbers. Only reads. */
	ask?(intent: Intent): Promise<Question | undefined>;
	/** Runs one of `description.actions`. Throws if nothing was done; a partial success is a result. */
	act?(act: Act): Promise<ActResult>;
	/** States of the peer that decide which actions are offered (`Action.when`). From memory; `sink.browseChanged` reports a change. */
	states?(): readonly string[];
	/** Known targets that start with this text, for completion; at most `most`. Reads from memory only. */
	targets?(start: string, most: number): string[];
	/** Ends the connection as the protocol requires. The session calls `destroy` when that takes too long. */
	close(): Promise<void>;
	/** Closes every socket and timer at once. */
	destroy(): void;
}

/** A message of which a part has been received. */
export interface Unfinished {
	/** Start time by `performance.now()`. */
	since: number;
	/** Bytes received so far. */
	bytes: number;
	/** Bytes of the whole message, if its beginning declares them. */
	size?: number;
}

/** The message that `send` sends. */
export interface Sending {
	/** Its line in the log, for `sink.message`'s `answers`. */
	seq: number;
	/** "second retransmission", "block 12 of 98"; shown until the receipt comes. `done`: 0 to 1. */
	progress(text: string, done?: number): void;
	/** Aborted when the user stops waiting: `send` then resolves soon with what is known. */
	signal: AbortSignal;
}

/** An action that is to be run. */
export interface Act {
	action: string;
	/** Id of a node from `browse`. */
	node?: string;
	/** Lines of the log in the order in which the user selected them. */
	messages: Logged[];
	values: Values;
	progress(text: string, done?: number): void;
	/** Aborted when the user stops the action: the adapter ends it as soon as nothing is lost. */
	signal: AbortSignal;
}

/** A message in the log. */
export interface Logged {
	seq: number;
	target: string;
	payload: Uint8Array;
	flags: number;
	meta?: object;
}

export interface SubscriptionChange {
	detail?: string;
	/** The last message is valid until then, in milliseconds since the epoch. */
	freshUntil?: number;
	/** The peer has ended it. */
	failure?: Failure;
	/** An action of the user has ended it, so that it is not restored. */
	ended?: true;
	/** It has brought everything that it was asked for, as one sentence; it is not restored. */
	finished?: string;
}

export interface Granted {
	detail?: string;
	reduced?: boolean;
	/** The message that came with the answer is valid until then, in milliseconds since the epoch. */
	freshUntil?: number;
	/** What the peer allows, where it differs from the description's `holds`. */
	holding?: Holding;
}

export type { Draft, Failure, Limits, Receipt, StepReport, Subscription };
