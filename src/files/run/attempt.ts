import { type PeerEnd, toFailure } from '../../base/failure';
import type { Receipt } from '../../model/contracts/message';
import type { PlacedFailure, Section } from '../syntax/ast';
import type { Received, RunContext } from './connection';
import type { Pool, Pooled } from './connections/pool';
import { type Plan, type PlanContext, planRequest } from './plan/plan';
import { expectedEnd } from './results/ends';
import { type JudgeContext, type Judged, judgeAll } from './results/judge';
import type { AssertionResult, Ending } from './results/result';
import { runRequest } from './run-request';

/** The result of one run of a request. */
export interface Attempt {
	ending: Ending;
	failure?: PlacedFailure;
	receipts: readonly Receipt[];
	/** Undefined: the request did not run. */
	messages?: readonly Received[];
	assertions: readonly AssertionResult[];
	end?: PeerEnd;
}

export interface AttemptOptions extends JudgeContext, PlanContext, RunContext {
	pool: Pool;
	/** The number of messages in the request's present run. */
	onMessages?(count: number, section: Section): void;
	/** Called when the request listens and the next ones may run beside it. */
	onListening(): void;
}

/** Plans, connects and runs a request once. Never throws for what the file or the peer does. */
export async function attemptRequest(options: AttemptOptions): Promise<Attempt> {
	const { file, section, pool, clock } = options;
	let plan: Plan;
	try {
		plan = await planRequest(file, section, options);
	} catch (error) {
		return notRun('invalid', error);
	}
	let pooled: Pooled;
	const began = clock.now();
	try {
		pooled = await pool.open(plan.connection);
	} catch (error) {
		const refusal = toFailure(error);
		const end = refusal.end && expectedEnd(refusal, section);
		if (!end) return notRun('unconnected', error);
		// The expectations look at how the peer refuses the connection.
		const judged = judgeAll(options, { messages: [], ms: clock.now() - began, end }, undefined);
		return { assertions: judged.assertions, end, ...endingOf(judged), receipts: [] };
	}
	const { stopped, failure, ...outcome } = await runRequest({
		...options,
		...pooled,
		plan,
		onMessage: (count) => options.onMessages?.(count, section),
		// The next request waits for a conversation, which ends by itself.
		onListening: plan.receives && !plan.connection.own ? options.onListening : undefined,
	});
	if (plan.connection.own) await pooled.connection.close();
	const ended = endingOf({ ...outcome, failure });
	// A stop is the usual end of a request that keeps streaming: with expectations it passes.
	const isUsual = plan.options.keepStreaming && outcome.assertions.length > 0;
	return {
		...outcome,
		...ended,
		...(stopped && !isUsual && ended.ending === 'passed' && { ending: 'stopped' as const }),
	};
}

const notRun = (ending: Ending, error: unknown): Attempt => ({
	ending,
	failure: toFailure(error),
	receipts: [],
	assertions: [],
});

function endingOf({ assertions, failure }: Judged): Pick<Attempt, 'ending' | 'failure'> {
	if (failure && failure.code !== 'stopped')
		return { ending: failure.code === 'undefined-variable' ? 'invalid' : 'failed', failure };
	return { ending: assertions.every(({ ending }) => ending === 'passed') ? 'passed' : 'failed' };
}
