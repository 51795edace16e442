import { type Failure, toFailure } from '../../base/failure';
import { droppedMessages } from '../failures';
import { headOf, writtenAt } from '../run/results/head';
import type { AssertionResult, RequestResult } from '../run/results/result';
import type { MessageFile, Section } from '../syntax/ast';
import { planRule, type RuleOptions } from './plan-rule';
import { startRule } from './rule';
import type { Rule, RuleStats } from './state';

export interface RunRuleOptions extends RuleOptions {
	/** Aborted when the user stops the run. */
	signal: AbortSignal;
	/** Called when the rule listens and the next requests may run beside it. */
	onListening(rule: Rule): void;
}

/** Runs a rule to its end. Never throws for what the file or a peer does. */
export async function runRule(options: RunRuleOptions): Promise<RequestResult> {
	const { file, section, clock, signal } = options;
	const began = clock.now();
	const resultOf = (ended: Pick<RequestResult, 'ending' | 'failure' | 'rule'>): RequestResult => ({
		...headOf(file, section),
		...ended,
		...{ receipts: [], messages: [], runs: 1, ms: clock.now() - began },
		assertions: ended.rule ? assertionsOf(file, section, ended.rule) : [],
	});
	let ending: 'invalid' | 'unconnected' = 'invalid';
	let rule: Rule;
	try {
		await planRule(options);
		ending = 'unconnected';
		rule = await startRule(options);
	} catch (error) {
		return resultOf({ ending, failure: toFailure(error) });
	}
	const stop = () => void rule.stop();
	signal.addEventListener('abort', stop);
	if (signal.aborted) stop();
	options.onListening(rule);
	const failure = await rule.ended;
	signal.removeEventListener('abort', stop);
	return resultOf({ ...endingOf(rule, failure, signal.aborted), rule: rule.stats() });
}

function endingOf(
	rule: Rule,
	failure: Failure | undefined,
	wasStopped: boolean,
): Pick<RequestResult, 'ending' | 'failure'> {
	const { failed, dropped, unmet, lastFailure } = rule.stats();
	const isMonitor = rule.section.request?.steps.every(({ request }) => !request) === true;
	if (failure) return { ending: 'failed', failure };
	if (failed > 0) return { ending: 'failed', ...(lastFailure && { failure: lastFailure }) };
	if (dropped > 0) return { ending: 'failed', failure: droppedMessages(dropped) };
	if (isMonitor && unmet > 0) return { ending: 'failed' };
	return { ending: wasStopped && !rule.keepsStreaming ? 'stopped' : 'passed' };
}

/** The expectations of a rule without steps: failed if any message did not meet them, with the newest such message. */
function assertionsOf(file: MessageFile, section: Section, { violations, received }: RuleStats): AssertionResult[] {
	const { request } = section;
	if (!request || request.steps.some((step) => step.request)) return [];
	return request.assertions.flatMap(({ start, end, expectation }): AssertionResult[] => {
		if (!expectation) return [];
		const place = writtenAt(file, { start, end });
		const last = violations.findLast(({ range }) => range.start === start);
		if (last) {
			const { expected, actual, reason, target } = last;
			const where = `The newest message that does not meet it came to "${target}".`;
			return [{ ...place, ending: 'failed', expected, actual, reason: reason ? `${reason} ${where}` : where }];
		}
		const actual = received === 0 ? 'no message' : `met by ${received}`;
		return [{ ...place, ending: received === 0 ? 'not-run' : 'passed', expected: expectation.operator, actual }];
	});
}
