import type { RuleStats, Violation } from '../../../files/rules/rule';
import { literalOf, type PlacedFailure, type Section } from '../../../files/syntax/ast';
import { optionText } from '../../../files/syntax/metadata';
import { andList } from '../../../model/text/lists';
import { formatCount, formatRate } from '../../../model/text/words';
import type { RuleRun } from './rule-run';

/** A rule without steps only checks the messages. */
export const isWatch = ({ request }: Section): boolean => !request?.steps.some((step) => step.request);

type Counted = Pick<RuleRun, 'section' | 'stats' | 'state'>;

/** "1,204 processed · 120/s"; empty before the rule has started. */
function figures({ section, stats, state }: Counted, short: boolean): string {
	if (!stats) return '';
	const { received, done, rate } = stats;
	const [count, word] = isWatch(section) ? [received, ' checked'] : [done, ' processed'];
	return [formatCount(count) + (short ? '' : word), ...(rate > 0 && state !== 'ended' ? [formatRate(rate)] : [])].join(
		' · ',
	);
}

/** "3 failed", "12 violations"; empty without any. */
export function troubles({ section, stats }: Counted): string {
	if (!stats) return '';
	const { failed, unmet } = stats;
	const violated = isWatch(section) ? unmet : 0;
	return [
		...(violated > 0 ? [`${formatCount(violated)} ${violated === 1 ? 'violation' : 'violations'}`] : []),
		...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
	].join(' · ');
}

/** "waiting for “Farm”"; empty while all connections are open. */
export const waitingText = (names: readonly string[]): string =>
	names.length === 0 ? '' : `waiting for ${andList(names.map((name) => `“${name}”`))}`;

/** The state of a rule. `waitsFor`: its connections that are not open. `short`: without words for the counts. */
export function stateText(run: RuleRun, waitsFor: readonly string[], short = false): string {
	const { state, stats, failure } = run;
	// A narrow sidebar cuts the end.
	const counts = [troubles(run), figures(run, short)].filter(Boolean).join(' · ');
	switch (state) {
		case 'starting':
			return 'starting…';
		case 'stopping':
			return 'stopping…';
		case 'running':
			return [waitingText(waitsFor), counts].filter(Boolean).join(' · ');
		case 'ended':
			if (failure) return `${stats ? 'ended' : 'not started'}: ${failure.message}`;
			return [endText(run), counts].filter(Boolean).join(' · ');
	}
}

/** How a rule has ended without a failure: "stopped", "ended after 1h", "ended after 100 messages". */
export function endText({ file, section, stats }: RuleRun): string {
	const by = stats?.endedBy;
	if (by !== 'timeout' && by !== 'maxMessages') return 'stopped';
	const limit = optionText(file, section, by) ?? '';
	const unit = by === 'timeout' ? '' : limit === '1' ? ' message' : ' messages';
	return `ended after ${limit}${unit}`;
}

/** All counts, one a line, what is wrong first; without those that are 0, other than what was processed. */
export function details({ section, stats, state }: Counted): string[] {
	if (!stats) return [];
	const { received, done, unmet, failed, looped, dropped, inFlight, rate }: RuleStats = stats;
	const watches = isWatch(section);
	const text = (count: number, words: string) => `${formatCount(count)} ${words}`;
	const some = (count: number, words: string) => (count > 0 ? [text(count, words)] : []);
	return [
		...some(failed, 'failed'),
		...some(dropped, 'dropped, because they came faster than they were processed'),
		...(rate > 0 && state !== 'ended' ? [formatRate(rate)] : []),
		text(done, watches ? 'as expected' : 'processed'),
		...some(unmet, watches ? 'not as expected' : 'did not meet the conditions'),
		...some(looped, 'sent by a rule of this window, so not processed again'),
		...some(inFlight, 'in progress'),
		...some(received, 'received'),
	];
}

/** What a rule does, in one line: "agriculture/+/command → PUT /device/mode, reply". */
export function outline({ request }: Section): string {
	if (!request) return '';
	const steps = request.steps.flatMap(({ request: step }) =>
		step ? [`${step.verb.text} ${literalOf(step.target)}`.trim()] : [],
	);
	return `${literalOf(request.target)}${steps.length > 0 ? ` → ${steps.join(', ')}` : ''}`;
}

/** Why the rule has ended, otherwise its last failed message, otherwise its last violation. */
export function lastFailureOf({ section, stats, failure }: RuleRun): PlacedFailure | undefined {
	const last = failure ?? stats?.lastFailure;
	const violation = isWatch(section) ? stats?.violations.at(-1) : undefined;
	return last ?? (violation && { code: 'violation', message: violationText(violation), range: violation.range });
}

/** "message body t < 30: expected < 30, got 40 (farm/a/temperature)" */
export const violationText = ({ text, expected, actual, reason, target }: Violation): string =>
	`${text.replace(/^\?\?\s*/, '')}: expected ${expected}, got ${actual}${reason === undefined ? '' : `, ${reason}`} (${target})`;
