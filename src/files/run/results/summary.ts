import type { RequestResult } from './result';

/** The texts of receipts, each once with its count. Of more than three, the times are left out. */
function receiptTexts(texts: readonly string[]): string[] {
	const shortened = texts.length > 3 ? texts.map((text) => text.replace(/ in [\d.]+ ms/, '')) : texts;
	const counts = new Map<string, number>();
	for (const text of shortened) counts.set(text, (counts.get(text) ?? 0) + 1);
	return [...counts].map(([text, count]) => (count > 1 ? `${count} × ${text}` : text));
}

export const sentOrReceived = ({ receipts, messages }: RequestResult): string[] => [
	...receiptTexts(receipts.map(({ text }) => text)),
	...(messages.length > 0 ? [countOf(messages.length, 'message')] : []),
];

export const durationOf = ({ runs, ms }: RequestResult): string[] => [
	...(runs > 1 ? [`${runs} runs`] : []),
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
