import type { Rule } from '../../files/rules/state';
import { ruleTexts } from '../../files/run/results/summary';
import { printable } from '../io/terminal';

/** Interval between lines, in milliseconds. */
const every = 1000;

export interface RuleProgress {
	add(rule: Rule): void;
	end(): void;
}

/** The counts of the rules at work, in one line that is written again each second. `write`: undefined without a terminal. */
export function createRuleProgress(write: ((text: string) => void) | undefined): RuleProgress {
	const rules = new Set<Rule>();
	let timer: ReturnType<typeof setInterval> | undefined;

	function show(): void {
		const texts = [...rules].flatMap((rule) => {
			if (rule.state() === 'ended') return [];
			const stats = rule.stats();
			const counts = [...ruleTexts(stats), ...(stats.inFlight > 0 ? [`${stats.inFlight} at work`] : [])];
			return [`${rule.name}: ${counts.join(', ')} (${Math.round(stats.rate).toLocaleString('en')}/s)`];
		});
		const line = printable(texts.join(' · '));
		// A longer line would wrap, and could not be replaced.
		if (line !== '') write?.(line.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1)));
	}

	return {
		add(rule) {
			rules.add(rule);
			if (write) timer ??= setInterval(show, every);
		},
		end() {
			clearInterval(timer);
			write?.('');
		},
	};
}
