import type { Failure } from '../../base/failure';
import type { ResolvedProfile, Secrets, Subscription } from '../profile/profile';

export type SessionState =
	| { kind: 'closed'; failure?: Failure }
	| { kind: 'connecting'; step: ConnectStep; since: number }
	| { kind: 'open'; since: number; security: Security; facts: Property[]; unfinished?: UnfinishedMessage }
	/** `at`: when the next attempt starts, in milliseconds since the epoch. */
	| { kind: 'retrying'; attempt: number; at: number; failure: Failure }
	| { kind: 'closing' };

/** The rest of a message is waited for, so that nothing else can be received: bytes so far, and of all of it if known. */
export interface UnfinishedMessage {
	bytes: number;
	size?: number;
}

/** In this order, but with STARTTLS the handshake comes before and after TLS. A step that a transport does not have is not reported. */
export type ConnectStep = 'lookup' | 'tcp' | 'tls' | 'handshake' | 'login';

export interface StepReport {
	step: ConnectStep;
	ms: number;
	/** What was found: the address, the TLS version and cipher, the mechanism. */
	detail?: string;
	failure?: Failure;
}

/** Steps in order; the last one carries the failure if there is one. */
export interface TestReport {
	ok: boolean;
	steps: StepReport[];
	/** Name and value of what a good connection showed. */
	facts: Property[];
	security?: Security;
}

/** A name and its value in words, as a detail pane shows them. */
export interface Property {
	label: string;
	value: string;
	/** Groups properties under a heading, e.g. "User properties". */
	group?: string;
	help?: string;
}

export interface Security {
	/** Whether the bytes are encrypted on the wire. */
	encrypted: boolean;
	/** False where the certificate was not checked: shown by a permanent badge. */
	verified: boolean;
	/** e.g. "TLSv1.3" */
	version?: string;
	cipher?: string;
	/** The peer's certificate first. */
	chain?: Certificate[];
	/** e.g. "user name and password", "client certificate", "none" */
	authentication: string;
	/** Ways to sign in, where the peer tells: SASL mechanisms, strongest first as it listed them, and the one used. */
	mechanisms?: { offered: string[]; used: string };
}

export interface Certificate {
	subject: string;
	issuer: string;
	/** Milliseconds since the epoch. */
	validTo: number;
	/** SHA-256, in hexadecimal with colons. */
	fingerprint: string;
}

export interface OpenRequest {
	profile: ResolvedProfile;
	secrets: Secrets;
	limits: Limits;
	/** Whether a lost connection is tried again by itself. A first connect that fails for a passing reason is too. */
	reconnect: boolean;
}

export interface Limits {
	/** The log forgets its oldest messages beyond this many bytes of payloads and their rows… */
	logBytes: number;
	/** …or beyond this many messages. */
	logMessages: number;
	/** Topics beyond this many are logged but not listed in the tree, and counted. */
	topics: number;
	/** A single message above this closes the connection before it is buffered. */
	messageBytes: number;
}

export const defaultLimits: Limits = {
	logBytes: 256 * 1024 * 1024,
	logMessages: 2_000_000,
	topics: 200_000,
	messageBytes: 16 * 1024 * 1024,
};

/** A subscription as it stands now. */
export interface SubscriptionState {
	/** Identity: a subscription with the same id replaces this one. */
	id: string;
	subscription: Subscription;
	state: 'pending' | 'active' | 'refused';
	/** What the peer granted, in words: "QoS 1 granted, 2 asked". */
	detail?: string;
	/** The peer gave less than was asked. */
	reduced?: boolean;
	/** What was received last holds until then, in milliseconds since the epoch. */
	freshUntil?: number;
	failure?: Failure;
}

/** An action on its way. */
export interface Running {
	id: string;
	action: string;
	/** What it does now: "312 of 1,204 sent". */
	text: string;
	/** 0 to 1; undefined: not known. */
	done?: number;
}

/** Everything about a session that changes often, sent at most ten times a second. */
export interface Status {
	revision: number;
	state: SessionState;
	/** Messages since the session was made. */
	received: number;
	sent: number;
	/** In the log now, and forgotten by it because of its limits or on request. */
	kept: number;
	keptBytes: number;
	evicted: number;
	topics: number;
	/** Topics' messages that are in the log but not in the tree, because the tree is full. */
	unlisted: number;
	/** Messages received per second over about the last three seconds. */
	rate: number;
	subscriptions: SubscriptionState[];
	repeats: Repeat[];
	/** Counts up whenever what the peer has may have changed: ask again for what is shown of it. */
	browse: number;
	running: Running[];
	/** Messages on their way whose protocol tells how far they are or can stop them; at most 20. */
	underway?: Underway[];
}

/** A sent message that has no receipt yet. */
export interface Underway {
	seq: number;
	target: string;
	/** "second retransmission", "block 12 of 98" */
	text: string;
	/** 0 to 1; undefined: not known. */
	done?: number;
	/** `cancel` ends it. */
	stoppable?: boolean;
}

/** A message that is being sent again and again. */
export interface Repeat {
	id: number;
	target: string;
	everyMs: number;
	count: number;
	/** The last one could not be sent: why. */
	failure?: Failure;
}
