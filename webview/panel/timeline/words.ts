import type { Timeline } from '../../../src/model/contracts/message';
import type { Words } from '../../../src/protocols/description';
import { count, duration, number } from '../../base/words';
import { rangeText } from './axis';
import { peakOf } from './bars';

/** The counts of one interval: "12 received, 1 failed". */
export function intervalWords({ received, sent, failed, marked }: Timeline, interval: number): string {
	const parts = [`${number(received[interval] ?? 0)} received`];
	if (sent[interval]) parts.push(`${number(sent[interval])} sent`);
	if (failed[interval]) parts.push(`${number(failed[interval])} failed`);
	if (marked?.[interval]) parts.push(`${number(marked[interval])} marked`);
	return parts.join(', ');
}

/** The whole timeline in two sentences. */
export function timelineWords(timeline: Timeline, { message, messages }: Words): string {
	const { received, sent, failed, from, step } = timeline;
	const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);
	const all = count(sum(received), `${message} received`, `${messages} received`);
	const range = rangeText(from, from + received.length * step);
	return `${all}, ${number(sum(sent))} sent, ${number(sum(failed))} failed, ${range}. Peak: ${number(peakOf(timeline))} in ${duration(step)}.`;
}
