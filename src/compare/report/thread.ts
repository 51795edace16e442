import type { Failure } from '../../base/failure';
import type { ResolvedProfile, Secrets } from '../../model/profile/profile';
import type { Guarantee } from '../../protocols/comparison';
import type { Report } from './types';

/** How connections are compared. */
export interface CompareSettings {
	guarantees: readonly Guarantee[];
	/** Bytes, each at least 16. */
	sizes: readonly number[];
	/** Messages per second. */
	rate: number;
	/** Seconds of each run, and of its warm-up. */
	seconds: number;
	warmUp: number;
	/** Runs of each cell. */
	runs: number;
	/** A run in which the event loop was delayed for more milliseconds is refused and repeated. */
	maxDelay: number;
	/** Whether the sustained rate is searched. */
	capacity: boolean;
	/** Seconds for which open connections are observed without messages; 0: computed from the keep-alive. */
	idle: number;
	product: string;
}

/** What the thread that compares connections begins with. */
export interface CompareData extends CompareSettings {
	subjects: { name: string; profile: ResolvedProfile; secrets: Secrets; protocol: string; target: string }[];
}

/** What it posts: progress, and one of the others at the end. */
export type CompareMessage =
	| { kind: 'progress'; text: string; done: number }
	| { kind: 'report'; report: Report }
	| { kind: 'failed'; failure: Failure };
