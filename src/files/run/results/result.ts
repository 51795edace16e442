import type { PeerEnd } from '../../../base/failure';
import type { Receipt } from '../../../model/contracts/message';
import type { PlacedFailure, Range } from '../../syntax/ast';
import type { Received } from '../connection';

/**
 * How a request ended. `failed`: it ran, and something was not as expected. `invalid`: the file is wrong.
 * `unconnected`: there was no connection. `stopped`: by the user, before its end.
 */
export type Ending = 'passed' | 'failed' | 'invalid' | 'unconnected' | 'stopped';

export interface RequestResult {
	/** As the outline shows it. */
	title: string;
	name?: string;
	notes: string[];
	/** The request's place. */
	range: Range;
	/** Its line, from 1. */
	line: number;
	ending: Ending;
	/** Why, where no expectation says it. */
	failure?: PlacedFailure;
	/** Of every message that was sent. */
	receipts: Receipt[];
	messages: Received[];
	/** How the peer ended the connection or the subscription, where the expectations look at that. */
	end?: PeerEnd;
	/** All of the request's, in each of its runs. */
	assertions: AssertionResult[];
	/** From its start to its end. */
	ms: number;
	/** More than one with `# @loop` or `# @every`. */
	runs: number;
}

export interface AssertionResult {
	range: Range;
	line: number;
	/** As written. */
	text: string;
	/** `not-run`: something failed before it. Never silently so. */
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
