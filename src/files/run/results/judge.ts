import { type PeerEnd, toFailure } from '../../../base/failure';
import type { MessageFile, PlacedFailure, Section } from '../../syntax/ast';
import { replaceIn, type Scope } from '../../values/variables';
import { judge, type Match, type Outcome } from './expectations';
import { writtenAt } from './head';
import type { AssertionResult } from './result';

/** Input for judging the expectations of a request. */
export interface JudgeContext {
	file: MessageFile;
	section: Section;
	scope: Scope;
	match: Match;
}

export interface Judged {
	assertions: AssertionResult[];
	/** How the peer ended the connection or the subscription, where the expectations look at it. */
	end?: PeerEnd;
	/** Why the request failed, where no expectation says it. */
	failure?: PlacedFailure;
}

/** Judges all expectations of a request. With a `failure`, none is judged and each is reported as not run. */
export function judgeAll(
	{ file, section, scope, match }: JudgeContext,
	outcome: Outcome,
	failure: PlacedFailure | undefined,
): Judged {
	let wrong = failure;
	const assertions = (section.request?.assertions ?? []).flatMap(({ expectation, start, end }): AssertionResult[] => {
		const place = writtenAt(file, { start, end });
		if (!expectation || failure)
			return [{ ...place, ending: 'not-run', expected: expectation ? expectation.operator : '', actual: 'not run' }];
		try {
			const value = replaceIn(expectation.value.text, expectation.value.start, scope);
			const { passed, ...verdict } = judge(expectation, value, outcome, match);
			return [{ ...place, ...verdict, ending: passed ? 'passed' : 'failed' }];
		} catch (error) {
			wrong ??= toFailure(error);
			return [];
		}
	});
	return { assertions, ...(outcome.end && { end: outcome.end }), ...(wrong && { failure: wrong }) };
}
