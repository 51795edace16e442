import type { Disposable } from '../../base/disposable';
import type { Failure } from '../../base/failure';
import type { Draft, Receipt } from '../../model/contracts/message';
import type { Values } from '../../model/profile/field';
import type { Secrets, Subscription } from '../../model/profile/profile';
import type { ProtocolDescription } from '../../protocols/description';

/** Which connection a request wants. */
export interface ConnectionSpec {
	/** A saved one, by name or id… */
	profile?: string;
	/** …or a URL. Neither: the one the user has chosen. */
	url?: string;
	/** Where the URL's scheme does not say it. */
	protocol?: string;
	/** Fields of the profile that the request sets. */
	values: Values;
	secrets: Secrets;
	/** It is the request's own and ends with it: a conversation has its own handshake. */
	own: boolean;
}

/** A received message as files see it. */
export interface Received {
	target: string;
	payload: Uint8Array;
	/** Options by their header names ("QoS", "Content-Type"), then the message's own headers in their order. */
	headers: [string, string][];
	/** The answer's code, where the protocol has one: "2.04". */
	code?: string;
	/** The receipt's `seq` of the sent message that it answers, where the protocol joins the two itself. */
	answers?: number;
	/** Lowercase hexadecimal, where the protocol pairs requests and replies by it. */
	correlation?: string;
	/** Milliseconds since the epoch. */
	time: number;
}

/** An open connection, whatever carries it. */
export interface Connection {
	readonly description: ProtocolDescription;
	/** Throws a FailureError if nothing was sent. */
	send(draft: Draft): Promise<Receipt>;
	/** Resolves when the peer has granted it; throws the refusal. */
	subscribe(subscription: Subscription): Promise<void>;
	unsubscribe(target: string, mode?: string): Promise<void>;
	/**
	 * Every message from now on; why the connection ended, if it did; and each subscription that the peer has ended, after
	 * all messages that came before.
	 */
	listen(
		onMessage: (message: Received) => void,
		onEnd: (failure: Failure | undefined) => void,
		onSubscriptionEnd?: (key: Pick<Subscription, 'target' | 'mode'>, failure: Failure) => void,
	): Disposable;
	/** Ends within two seconds; what was sent has left by then. */
	close(): Promise<void>;
}

/** Time, so that tests have their own. */
export interface Clock {
	/** Milliseconds, never going back. */
	now(): number;
	/** Calls back after `ms` milliseconds unless disposed. */
	after(ms: number, action: () => void): Disposable;
}
