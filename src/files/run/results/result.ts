import type { PeerEnd } from '../../../base/failure';
import type { Receipt } from '../../../model/contracts/message';
import type { RuleStats } from '../../rules/state';
import type { SimulationReport } from '../../simulation/report';
import type { PlacedFailure, Range } from '../../syntax/ast';
import type { Received } from '../connection';

/**
 * How a request ended. `failed`: it ran, and something was not as expected. `invalid`: the file is wrong.
 * `unconnected`: there was no connection. `stopped`: the user stopped it.
 */
export type Ending = 'passed' | 'failed' | 'invalid' | 'unconnected' | 'stopped';

export interface RequestResult {
	/** The title in the outline. */
	title: string;
	name?: string;
	notes: readonly string[];
	/** The request's place. */
	range: Range;
	/** The request's line, from 1. */
	line: number;
	ending: Ending;
	/** Why the request failed, where no expectation says it. */
	failure?: PlacedFailure;
	/** The receipts of all messages that were sent. */
	receipts: readonly Receipt[];
	/** The messages of the last run. */
	messages: readonly Received[];
	/** How the peer ended the connection or the subscription, where the expectations look at it. */
	end?: PeerEnd;
	/** The request's expectations, for each of its runs. */
	assertions: readonly AssertionResult[];
	/** Milliseconds from start to end. */
	ms: number;
	/** More than one with `# @loop` or `# @every`. */
	runs: number;
	/** The figures of a simulation, which has no receipts and messages of its own. */
	simulation?: SimulationReport;
	/** The counts of a rule. */
	rule?: RuleStats;
}

export interface AssertionResult {
	range: Range;
	/** From 1. */
	line: number;
	/** The expectation as it is written. */
	text: string;
	/** `not-run`: the request failed before. */
	ending: 'passed' | 'failed' | 'not-run';
	expected: string;
	actual: string;
	reason?: string;
}

/** Exit code of the command line: 0 all passed, 1 not as expected, 2 the file is wrong, 3 no connection. */
export function exitCode(results: readonly Pick<RequestResult, 'ending'>[]): 0 | 1 | 2 | 3 {
	const has = (ending: Ending) => results.some((result) => result.ending === ending);
	if (has('invalid')) return 2;
	if (has('unconnected')) return 3;
	return has('failed') ? 1 : 0;
}
