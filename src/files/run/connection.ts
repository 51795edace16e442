import type { Disposable } from '../../base/disposable';
import type { Failure } from '../../base/failure';
import type { Mark } from '../../model/checks/mark';
import type { CheckRule } from '../../model/checks/rule';
import type { Hold, Holding, Outcome } from '../../model/contracts/hold';
import type { Draft, Receipt } from '../../model/contracts/message';
import type { Values } from '../../model/profile/field';
import type { Secrets, Subscription } from '../../model/profile/profile';
import type { ProtocolDescription } from '../../protocols/description';
import type { Surroundings } from '../values/builtins';

/** The connection to open: a saved one, a URL, or without both the one that the user has chosen. */
export interface ConnectionSpec {
	/** The name or id of a saved connection. */
	profile?: string;
	url?: string;
	/** The id of the protocol, where the request determines it. */
	protocol?: string;
	/** Fields of the profile that the request sets. */
	values: Values;
	secrets: Secrets;
	/** The connection belongs to the request and ends with it, such as a WebSocket with its own handshake. */
	own: boolean;
	/** Subscriptions with `Hold` will be made: where the connection is opened for them, it counts from the first message. */
	hold?: Hold;
	/** The connection is that of a simulated client, with a name of its own at the peer. */
	client?: ClientIdentity;
}

export interface ClientIdentity {
	/** From 1. */
	number: number;
	/** Distinguishes the clients of a run from those of other runs. */
	run: string;
}

/** A received message for message files. */
export interface Received {
	target: string;
	payload: Uint8Array;
	/** Options by their header names ("QoS", "Content-Type"), then the headers of the message in their order. */
	headers: [string, string][];
	/** The code of a response, where the protocol has one, such as "2.04". */
	code?: string;
	/** The `seq` of the receipt of the message that it answers, where the protocol pairs requests and replies. */
	answers?: number;
	/** Correlation data in lowercase hexadecimal, where requests and replies are paired by it. */
	correlation?: string;
	/** Milliseconds since the epoch. */
	time: number;
	/** Ids of the subscriptions that brought it; undefined if they are not known. */
	subscriptions?: readonly string[];
	/** Its line in the log of the connection. */
	seq?: number;
	/** The peer waits until it is settled. */
	held?: true;
	/** The flags of the log, and the properties as the adapter logged them. */
	flags?: number;
	meta?: object;
	/** What the connection has found wrong about its arrival. */
	marks?: readonly Mark[];
}

/** An open connection. */
export interface Connection {
	readonly description: ProtocolDescription;
	/** The rules of the profile, by which messages carry marks. */
	readonly checks?: readonly CheckRule[];
	/** Throws a FailureError if nothing was sent. */
	send(draft: Draft): Promise<Receipt>;
	/**
	 * Resolves when the peer has granted the subscription. Throws the refusal. With `hold`, resolves to what that means here:
	 * if it `holds`, messages are acknowledged by `settle`, and have `held`.
	 */
	subscribe(subscription: Subscription, hold?: Hold): Promise<Holding | undefined>;
	/** Held messages without an outcome go back to the peer. */
	unsubscribe(subscription: Subscription): Promise<void>;
	/**
	 * Settles a held message of this connection. Does nothing for others, for those that were settled, and once their
	 * subscription or the connection has ended: the peer then delivers them again, if it does.
	 */
	settle?(message: Pick<Received, 'seq' | 'held'>, outcome: Outcome): void;
	/** Runs an action on a received message, such as its acknowledgement. Throws if nothing was done. */
	act?(message: Pick<Received, 'seq'>, action: string, values: Values): Promise<void>;
	/**
	 * Reports every message from now on, the end of the connection, and each subscription that the peer has ended. An end is
	 * reported after all messages that came before.
	 */
	listen(
		onMessage: (message: Received) => void,
		onEnd: (failure: Failure | undefined) => void,
		onSubscriptionEnd?: (subscription: Subscription, failure: Failure) => void,
	): Disposable;
	/** Resolves within two seconds, when all messages have been handed to the network. */
	close(): Promise<void>;
}

/** Time, random bytes and limits of a run. */
export interface RunContext {
	clock: Clock;
	around: Pick<Surroundings, 'random'>;
	/** Aborted when the user stops the run. */
	signal: AbortSignal;
	/** Longest wait for a reply, and for messages where a request has no end of its own. Milliseconds. */
	timeout: number;
}

/** Time. Tests have a virtual clock. */
export interface Clock {
	/** A monotonic time in milliseconds. */
	now(): number;
	/** Calls `action` after `ms` milliseconds unless it is disposed before. */
	after(ms: number, action: () => void): Disposable;
}
