import type { Failure } from '../../base/failure';
import type { Holding } from '../../model/contracts/hold';
import type { RuleEnd } from '../failures';
import type { PlacedFailure, Range, Section } from '../syntax/ast';

/** The counts of a rule since its start. Every received message is in exactly one of them. */
export interface RuleStats {
	received: number;
	/** Messages received per second, over the last seconds. */
	rate: number;
	/** Every step was proven; in a rule without steps: every expectation was met. */
	done: number;
	/** An expectation before the first step was not met. */
	unmet: number;
	/** A step failed for good. */
	failed: number;
	/** A rule of this process, or this rule in another process, has sent it. */
	looped: number;
	/** More arrived than the rule could keep, and its source cannot be slowed. */
	dropped: number;
	/** Waiting or at work. */
	inFlight: number;
	lastFailure?: PlacedFailure;
	/** What has ended it; undefined: it receives. */
	endedBy?: RuleEnd;
	/** The newest violations of a rule without steps, newest last; at most `maxViolations`. */
	violations: readonly Violation[];
}

/** The violations that a rule keeps. All are counted in `unmet`. */
export const maxViolations = 100;

/** A message that did not meet an expectation of a rule without steps. */
export interface Violation {
	/** Milliseconds since the epoch. */
	time: number;
	target: string;
	/** The place of the expectation. */
	range: Range;
	/** From 1. */
	line: number;
	/** The expectation as it is written. */
	text: string;
	expected: string;
	actual: string;
	reason?: string;
}

/** The counts that only grow. */
export type RuleCounts = Pick<RuleStats, 'received' | 'done' | 'unmet' | 'failed' | 'looped' | 'dropped'>;

export type RuleState = 'starting' | 'running' | 'stopping' | 'ended';

/** A rule at work. */
export interface Rule {
	readonly section: Section;
	/** `# @name`, otherwise the title, otherwise the first line. */
	readonly name: string;
	/** It has no end of its own. */
	readonly keepsStreaming: boolean;
	state(): RuleState;
	stats(): RuleStats;
	/** What acknowledging after the last step means at the source; undefined: its messages are not acknowledged. */
	holding(): Holding | undefined;
	/** Where the messages are that could not be processed; undefined: there are none. */
	deadLetters(): string | undefined;
	/** Resolves when the rule has ended, with the reason if it did not end as it should. Never rejects. */
	readonly ended: Promise<Failure | undefined>;
	/** Receives nothing more, finishes what is at work within a few seconds, and ends. */
	stop(): Promise<void>;
}
