import type { Guarantee } from '../../protocols/comparison';

/** Bytes at a socket, both directions. */
export interface Bytes {
	sent: number;
	received: number;
}

/** Milliseconds from the intended time of sending. */
export interface Latency {
	p50: number;
	p99: number;
	p999: number;
	max: number;
}

/** One run of one connection: messages at a fixed rate, after a warm-up that is not counted. */
export interface Run {
	/** Undefined if nothing arrived. */
	latency?: Latency;
	/** Until the acknowledgement, where there is one. */
	acknowledged?: Latency;
	/** Messages handed to the protocol. */
	sent: number;
	/** Messages that the peer refused. */
	refused: number;
	/** Without an acknowledgement or a refusal at the end of the run. */
	unacknowledged?: number;
	delivered: number;
	/** Sent and not refused, and not delivered within the time that a run waits. */
	lost: number;
	duplicated: number;
	reordered: number;
	/** Bytes per message at the sender's socket and at the receiver's; zero for the receiver where there is none. */
	sender: Bytes;
	receiver: Bytes;
	/** Longest delay of this process's event loop, in milliseconds. */
	delay: number;
	/** Messages waited for so long that sending stopped: the rate is more than the connection carries. */
	overloaded?: true;
	/** Why the connection ended within the run. */
	failure?: string;
}

/** The runs of one connection with one payload size and one guarantee. */
export interface Cell {
	/** Index of the subject. */
	subject: number;
	guarantee: Guarantee;
	/** Bytes of the payload. */
	size: number;
	/** The protocol's word for the guarantee. */
	label: string;
	measures: string;
	/** Times that the payload passes a socket: to the peer, and from there to the receiver or back. */
	hops: 1 | 2;
	runs: Run[];
	/** Runs that were repeated because this process was delayed too long. */
	refusedRuns: number;
	/** Messages that arrived and were not of its runs: those of others, and those that came too late. */
	foreign: number;
	/** Messages per second that arrive without the queue growing; undefined: not measured. */
	capacity?: Capacity;
	/** Why there is nothing, in a sentence. */
	problem?: string;
}

export interface Capacity {
	/** Messages per second. */
	rate: number;
	/** The search ended at its highest rate, so the connection may carry more. */
	isLowerBound?: true;
}

/** The cost of opening a connection and of keeping it open. */
export interface Connecting {
	/** Median over several attempts. */
	ms: number;
	bytes: Bytes;
	/** Times at which the client waited for the peer, with one for each TCP handshake. */
	roundTrips: number;
	sockets: number;
}

export interface IdleBytes {
	perHour: Bytes;
	/** Seconds of observation; undefined: computed from the keep-alive. */
	observed?: number;
	/** The exchange that is repeated, or how the observation ended early. */
	what: string;
}

export interface ReportSubject {
	/** Connection and target, as the user named them. */
	name: string;
	protocol: string;
	label: string;
	target: string;
	/** Host and port of the URL, and "loopback" or the host. */
	where: string;
	/** What the peer said about itself. */
	facts: string;
	encrypted: boolean;
	connecting?: Connecting;
	/** Undefined: the protocol has no keep-alive, and none was observed. */
	idle?: IdleBytes;
	problem?: string;
}

export interface Report {
	version: 1;
	/** Milliseconds since the epoch. */
	made: number;
	product: string;
	machine: { cpu: string; cores: number; memory: number; system: string; node: string };
	settings: { sizes: number[]; rate: number; seconds: number; runs: number; warmUp: number; maxDelay: number };
	subjects: ReportSubject[];
	cells: Cell[];
	/** It was stopped before it was complete. */
	stopped?: true;
}
