import type * as vscode from 'vscode';
import type { Request } from '../../../files/syntax/ast';
import { isActive, type RuleRun } from './rule-run';
import { details, endText, figures, isWatch, stateText, troubles } from './words';

/** A lens of a rule, as the lenses of a file draw it. */
export interface RuleLens {
	title: string;
	command: string;
	args: unknown[];
	tooltip?: string;
}

export interface RuleLensState {
	run: RuleRun | undefined;
	/** The file was edited since the rule was started. */
	changed: boolean;
	/** A connection of the rule is lost and attempted again. */
	waiting: boolean;
}

/** Starts and stops the rule. */
export function ruleLenses(uri: vscode.Uri, key: string, { run, changed }: RuleLensState): RuleLens[] {
	const args = [uri, key];
	if (!run || !isActive(run)) return [{ title: '$(play) Run Rule', command: 'startRule', args }];
	if (run.state === 'stopping') return [{ title: '$(loading~spin) Stopping…', command: 'showRules', args: [] }];
	const stop = { title: '$(debug-stop) Stop Rule', command: 'stopRule', args };
	const tooltip = 'The rule goes on with the text with which it was started.';
	return changed
		? [stop, { title: '$(debug-restart) Changed: Restart', command: 'restartRule', args, tooltip }]
		: [stop];
}

/** What the rule reports. The figures are the last lens of the line, so that they move no other one. */
export function reportLenses(uri: vscode.Uri, key: string, { run, waiting }: RuleLensState): RuleLens[] {
	if (!run) return [];
	if (run.state === 'starting') return [{ title: 'starting…', command: 'showRules', args: [] }];
	const trouble = troubles(run);
	const counts = figures(run);
	const prefix = run.state === 'ended' ? `${endText(run)} · ` : waiting ? '$(history) waiting for connection · ' : '';
	return [
		...(trouble
			? [{ title: `$(error) ${trouble}`, command: 'showRuleFailure', args: [uri, key], tooltip: 'Show the last one' }]
			: []),
		...(counts
			? [{ title: `${prefix}${counts}`, command: 'showRules', args: [], tooltip: details(run).join('\n') }]
			: []),
	];
}

/** Texts behind lines of the rule: why it has ended, and the newest violation of each expectation. */
export function ruleNotes({ run, changed }: RuleLensState, request: Request): { offset: number; text: string }[] {
	if (!run) return [];
	const notes: { offset: number; text: string }[] = [];
	if (run.failure) notes.push({ offset: request.start, text: stateText(run, false) });
	if (changed || !run.stats || !isWatch(run.section)) return notes;
	// The text is unchanged, so that places within it are valid.
	const moved = request.start - (run.section.request?.start ?? 0);
	const newest = new Map(run.stats.violations.map((one) => [one.range.start, one]));
	for (const [start, { expected, actual }] of newest)
		notes.push({ offset: start + moved, text: `expected ${expected}, got ${actual}` });
	return notes;
}
