import type { Failure, PeerCertificate } from '../../base/failure';
import type { MarkCounts } from '../checks/mark';
import type { ResolvedProfile, Secrets, Subscription } from '../profile/profile';
import type { Hold, Holding } from './hold';

export type SessionState =
	| { kind: 'closed'; failure?: Failure }
	| { kind: 'connecting'; step: ConnectStep; since: number }
	| { kind: 'open'; since: number; security: Security; facts: Property[]; unfinished?: UnfinishedMessage }
	/** `at`: when the next attempt starts, in milliseconds since the epoch. */
	| { kind: 'retrying'; attempt: number; at: number; failure: Failure }
	| { kind: 'closing' };

/** Waiting for the rest of a message, so that nothing else can be received: bytes so far, and the total if known. */
export interface UnfinishedMessage {
	bytes: number;
	size?: number;
}

/**
 * In this order, except that with STARTTLS the handshake comes both before and after TLS. Steps that a transport does
 * not have are not reported.
 */
export type ConnectStep = 'lookup' | 'tcp' | 'tls' | 'handshake' | 'login';

export interface StepReport {
	step: ConnectStep;
	ms: number;
	/** Result of the step: the address, the TLS version and cipher, the mechanism. */
	detail?: string;
	failure?: Failure;
}

/** Steps in order; the last one has the failure, if any. */
export interface TestReport {
	ok: boolean;
	steps: StepReport[];
	/** Properties of a successful connection. */
	facts: Property[];
	security?: Security;
}

/** Name and value in words, for a detail pane. */
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
	/** False if the certificate was not verified; shown by a permanent badge. */
	verified: boolean;
	/** The certificate could not be verified, and is the one that the user trusts for this connection. */
	pinned?: true;
	/** e.g. "TLSv1.3" */
	version?: string;
	cipher?: string;
	/** The peer's certificate first. */
	chain?: Certificate[];
	/** e.g. "user name and password", "client certificate", "none" */
	authentication: string;
	/** SASL mechanisms that the peer offers, in its order, and the one used. */
	mechanisms?: { offered: string[]; used: string };
}

export type Certificate = Omit<PeerCertificate, 'problem'>;

export interface OpenRequest {
	profile: ResolvedProfile;
	secrets: Secrets;
	limits: Limits;
	/** Whether the session reconnects automatically, also after a first attempt that failed for a temporary reason. */
	reconnect: boolean;
	/**
	 * Subscriptions with `Hold` will be made at once. What a stored session delivers before them is left for them, and the
	 * limit counts for the whole connection where the protocol has only one.
	 */
	hold?: Hold;
	/** Records everything without an end, within a size. */
	history?: HistoryRequest | undefined;
}

/** A recording that the user starts. */
export interface RecordingRequest {
	/** Path of the file, which must not exist. */
	path: string;
	/** Name of the connection, and its URL. */
	connection: string;
	url: string;
	/** Line of the log to begin with; undefined: the next one. */
	from?: number;
}

/** A folder for recordings of which the oldest are deleted. */
export interface HistoryRequest {
	folder: string;
	/** Maximum bytes of all its files. */
	keep: number;
	connection: string;
	url: string;
}

/** The result of a recording so far. */
export interface RecordingState {
	path: string;
	/** Milliseconds since the epoch. */
	since: number;
	/** Without notes. */
	messages: number;
	bytes: number;
	/** Why it has ended early, in a sentence. */
	problem?: string;
}

export interface HistoryState {
	folder: string;
	bytes: number;
	/** Why it has ended early, in a sentence. */
	problem?: string;
}

export interface Limits {
	/** Maximum bytes of payloads and rows in the log; the oldest messages are evicted. */
	logBytes: number;
	/** Maximum messages in the log. */
	logMessages: number;
	/** Maximum topics in the tree. Messages of further topics are logged and counted, but not listed. */
	topics: number;
	/** Maximum bytes of one message. A larger one closes the connection before it is buffered. */
	messageBytes: number;
}

export const defaultLimits: Limits = {
	logBytes: 256 * 1024 * 1024,
	logMessages: 2_000_000,
	topics: 200_000,
	messageBytes: 16 * 1024 * 1024,
};

/** State of a subscription. */
export interface SubscriptionState {
	/** Identity: a subscription with the same id replaces this one. */
	id: string;
	subscription: Subscription;
	state: 'pending' | 'active' | 'refused';
	/** What the peer granted, in words: "QoS 1 granted, 2 asked". */
	detail?: string;
	/** The peer granted less than requested. */
	reduced?: boolean;
	/** Until when the last value is fresh, in milliseconds since the epoch. */
	freshUntil?: number;
	failure?: Failure;
	/** It was asked to hold its messages: what that means. */
	holding?: Holding;
}

/** A running action. */
export interface Running {
	id: string;
	action: string;
	/** Progress in words: "312 of 1,204 sent". */
	text: string;
	/** Progress, 0 to 1; undefined if unknown. */
	done?: number;
}

/** The frequently changing state of a session, sent at most ten times per second. */
export interface Status {
	revision: number;
	state: SessionState;
	/** Messages since the session was created. */
	received: number;
	sent: number;
	/** Messages in the log, and messages that were evicted or cleared. */
	kept: number;
	/** Rows of the log that are notes and no messages. */
	notes: number;
	keptBytes: number;
	evicted: number;
	topics: number;
	/** Messages that are in the log but not in the tree, because the tree is full. */
	unlisted: number;
	/** Messages that were marked, by kind, since the session was created or its log cleared. */
	marked?: MarkCounts;
	/** Messages received per second over about the last three seconds. */
	rate: number;
	subscriptions: SubscriptionState[];
	/** Subscriptions that have brought everything they were asked for, each with a normal end; they are no longer active. */
	finished?: SubscriptionState[];
	repeats: Repeat[];
	/** Increases when results of `browse` may be out of date. */
	browse: number;
	/** States of the peer that decide which actions are offered. */
	states?: readonly string[];
	running: Running[];
	/** Held messages without an outcome. */
	held?: number;
	/** The recording that is running, or that has ended early and was not stopped yet. */
	recording?: RecordingState;
	/** The recording that the profile asks for, while the connection is open or being opened. */
	history?: HistoryState;
	/** Pending messages with progress or a stop; at most 20. */
	underway?: Underway[];
	/** The file that is shown in place of a connection. */
	file?: ShownFile;
}

/** The file of a recording that is shown in place of a connection. Times in milliseconds since the epoch. */
export interface ShownFile {
	/** Name and URL of the recorded connection; undefined: the file begins with a message, as the output of `listen`. */
	connection?: string;
	url?: string;
	/** Bytes of the file. */
	size: number;
	/** The earliest and the latest time of the messages that were read. */
	from?: number;
	until?: number;
	/** Lines that could not be read. */
	unread: number;
	/** The log has no room for the rest, which begins at this time since the start of the recording, in milliseconds. */
	rest?: number;
	/** It was deleted, or replaced by another file. */
	gone?: 'deleted' | 'replaced';
}

/** A sent message without a receipt. */
export interface Underway {
	seq: number;
	target: string;
	/** "second retransmission", "block 12 of 98" */
	text: string;
	/** Progress, 0 to 1; undefined if unknown. */
	done?: number;
	/** `cancel` can end it. */
	stoppable?: boolean;
}

/** A message that is sent repeatedly. */
export interface Repeat {
	id: number;
	target: string;
	everyMs: number;
	count: number;
	/** Why the last one could not be sent. */
	failure?: Failure;
}
