import type { RequestResult } from './result';

/** The texts of receipts, each once with its count. Of more than three, the times are left out. */
export function receiptTexts(texts: readonly string[]): string[] {
	const shortened = texts.length > 3 ? texts.map((text) => text.replace(/ in [\d.]+ ms/, '')) : texts;
	const counts = new Map<string, number>();
	for (const text of shortened) counts.set(text, (counts.get(text) ?? 0) + 1);
	return [...counts].map(([text, count]) => (count > 1 ? `${count} × ${text}` : text));
}

const endings = {
	passed: undefined,
	failed: undefined,
	invalid: 'not sent',
	unconnected: 'not connected',
	stopped: 'stopped',
} as const;

/** The result of a request in one line: receipts, number of messages, expectations, time. Secrets are not masked. */
export function summary(result: RequestResult): string {
	const { assertions, messages, receipts, failure, ending } = result;
	const passed = assertions.filter((one) => one.ending === 'passed').length;
	const wrong = assertions.length - passed;
	const ended = endings[ending];
	return [
		...(ended ? [ended] : []),
		...(failure ? [failure.message] : []),
		...(wrong > 0 ? [`${wrong} of ${countOf(assertions.length, 'expectation')} failed`] : []),
		...receiptTexts(receipts.map(({ text }) => text)),
		...(messages.length > 0 ? [countOf(messages.length, 'message')] : []),
		...(passed > 0 && wrong === 0 ? [`${countOf(passed, 'expectation')} passed`] : []),
		...(result.runs > 1 ? [`${result.runs} runs`] : []),
		`${Math.round(result.ms)} ms`,
	].join(' · ');
}

export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
