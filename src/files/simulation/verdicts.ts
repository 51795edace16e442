import type { AssertionResult } from '../run/results/result';

/** The expectations of a simulation, which are judged for each message. */
export interface Verdicts {
	add(results: readonly AssertionResult[]): void;
	/** Each expectation once: failed if it failed for any message, with the values of the first one. */
	results(): AssertionResult[];
}

export function createVerdicts(): Verdicts {
	const found: { first: AssertionResult; failed: number; judged: number }[] = [];
	return {
		add(results) {
			for (const [at, one] of results.entries()) {
				const known = found[at];
				const isFailed = one.ending === 'failed' ? 1 : 0;
				const isJudged = one.ending === 'not-run' ? 0 : 1;
				if (!known) {
					found[at] = { first: one, failed: isFailed, judged: isJudged };
					continue;
				}
				// A failure replaces a pass, and a pass replaces what was not judged.
				const isFirst = known.failed === 0 && (isFailed > 0 || (known.judged === 0 && isJudged > 0));
				if (isFirst) known.first = one;
				known.failed += isFailed;
				known.judged += isJudged;
			}
		},
		results: () =>
			found.map(({ first, failed, judged }) =>
				failed === 0
					? first
					: {
							...first,
							reason: [
								first.reason,
								`It failed for ${failed.toLocaleString('en')} of ${judged.toLocaleString('en')} messages.`,
							]
								.filter(Boolean)
								.join(' '),
						},
			),
	};
}
