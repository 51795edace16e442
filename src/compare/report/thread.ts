import type { Failure } from '../../base/failure';
import type { ResolvedProfile, Secrets } from '../../model/profile/profile';
import type { Guarantee } from '../../protocols/comparison';
import type { Report } from './types';

/** What the thread that compares connections begins with. */
export interface CompareData {
	subjects: { name: string; profile: ResolvedProfile; secrets: Secrets; protocol: string; target: string }[];
	guarantees: Guarantee[];
	sizes: number[];
	rate: number;
	seconds: number;
	warmUp: number;
	runs: number;
	maxDelay: number;
	capacity: boolean;
	idle: number;
	product: string;
}

/** What it posts: progress, and one of the others at the end. */
export type CompareMessage =
	| { kind: 'progress'; text: string; done: number }
	| { kind: 'report'; report: Report }
	| { kind: 'failed'; failure: Failure };
