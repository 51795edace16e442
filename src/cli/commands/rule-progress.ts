import type { Rule } from '../../files/rules/state';
import { ruleTexts } from '../../files/run/results/summary';
import { printable } from '../io/terminal';

/** Interval between lines, in milliseconds. */
const every = 1000;

export interface RuleProgress {
	add(rule: Rule): void;
	end(): void;
}

/**
 * The counts of the rules at work, in one line that is written again each second, and each new failure, such as a connection
 * that is lost. `write`: undefined without a terminal. `say` writes a line in place of that line.
 */
export function createRuleProgress(
	write: ((text: string) => void) | undefined,
	say: (text: string) => void,
): RuleProgress {
	const rules = new Set<Rule>();
	/** The last failure of each rule that was written. */
	const reported = new Map<Rule, string>();
	let timer: ReturnType<typeof setInterval> | undefined;

	function report(rule: Rule): void {
		const { message, evidence } = rule.stats().lastFailure ?? {};
		if (message === undefined || reported.get(rule) === message) return;
		reported.set(rule, message);
		say(printable(`${rule.name}: ${message}${evidence === undefined ? '' : ` (${evidence})`}`));
	}

	function show(): void {
		for (const rule of rules) report(rule);
		if (!write) return;
		const texts = [...rules].flatMap((rule) => {
			if (rule.state() === 'ended') return [];
			const stats = rule.stats();
			const counts = [...ruleTexts(stats), ...(stats.inFlight > 0 ? [`${stats.inFlight} at work`] : [])];
			return [`${rule.name}: ${counts.join(', ')} (${Math.round(stats.rate).toLocaleString('en')}/s)`];
		});
		const line = printable(texts.join(' · '));
		// A longer line would wrap, and could not be replaced.
		if (line !== '') write(line.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1)));
	}

	return {
		add(rule) {
			rules.add(rule);
			timer ??= setInterval(show, every);
		},
		end() {
			clearInterval(timer);
			write?.('');
		},
	};
}
