import type { Proof, Receipt } from '../../../model/contracts/message';
import type { RuleStats } from '../../rules/state';
import { reportFacts } from '../../simulation/report';
import type { RequestResult } from './result';

/** What several receipts prove, in a word each. */
const proofs: Record<Proof, string> = {
	pending: 'pending',
	'handed-over': 'sent',
	acknowledged: 'acknowledged',
	answered: 'answered',
	unrouted: 'unrouted',
	unknown: 'without acknowledgement',
	refused: 'refused',
};

/** The text of a single receipt; of several, how many have the same proof. */
function receiptTexts(receipts: readonly Receipt[]): string[] {
	if (receipts.length <= 1) return receipts.map(({ text }) => text);
	const counts = new Map<Proof, number>();
	for (const { proof } of receipts) counts.set(proof, (counts.get(proof) ?? 0) + 1);
	return [...counts].map(([proof, count]) => `${count} ${proofs[proof]}`);
}

/** The counts of a rule in words, without those that are 0. */
export function ruleTexts({ received, done, unmet, failed, looped, dropped }: RuleStats): string[] {
	const counts = { received, done, unmet, failed, looped, dropped };
	const words: Record<keyof typeof counts, string> = {
		received: 'received',
		done: 'processed',
		unmet: 'not matched',
		failed: 'failed',
		looped: 'in a circle',
		dropped: 'dropped',
	};
	return (Object.keys(counts) as (keyof typeof counts)[])
		.filter((key) => key === 'received' || key === 'done' || counts[key] > 0)
		.map((key) => `${counts[key].toLocaleString('en')} ${words[key]}`);
}

export const sentOrReceived = ({ receipts, messages, rule, simulation }: RequestResult): string[] => [
	...(rule ? ruleTexts(rule) : []),
	...(simulation ? reportFacts(simulation) : []),
	...receiptTexts(receipts),
	...(messages.length > 0 ? [`${messages.length} received`] : []),
];

export const durationOf = ({ runs, ms, simulation }: RequestResult): string[] => [
	...(runs > 1 && !simulation ? [`${runs} runs`] : []),
	`${Math.round(ms)} ms`,
];

const endings = {
	passed: undefined,
	failed: undefined,
	invalid: 'not sent',
	unconnected: 'not connected',
	stopped: 'stopped',
} as const;

/** The result of a request in one line: receipts, number of messages, expectations, time. Secrets are not masked. */
export function summary(result: RequestResult): string {
	const { assertions, failure, ending } = result;
	const passed = assertions.filter((one) => one.ending === 'passed').length;
	const wrong = assertions.length - passed;
	const ended = endings[ending];
	return [
		...(ended ? [ended] : []),
		...(failure ? [failure.message] : []),
		...(wrong > 0 ? [`${wrong} of ${countOf(assertions.length, 'expectation')} failed`] : []),
		...sentOrReceived(result),
		...(passed > 0 && wrong === 0 ? [`${countOf(passed, 'expectation')} passed`] : []),
		...durationOf(result),
	].join(' · ');
}

export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
