import type * as vscode from 'vscode';
import type { Request } from '../../../files/syntax/ast';
import { isActive, type RuleRun } from './rule-run';
import { isWatch, stateText, troubles } from './words';

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
	/** Names of the rule's connections that are lost and attempted again. */
	waitsFor: readonly string[];
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

/**
 * Leads to the last failure. Without figures: the editor replaces all lenses of a file when one has changed, and a click on one
 * that it has not drawn anew by then fails.
 */
export function reportLenses(uri: vscode.Uri, key: string, { run }: RuleLensState): RuleLens[] {
	if (!run || troubles(run) === '') return [];
	const what = run.stats && run.stats.failed > 0 ? 'Failure' : 'Violation';
	return [{ title: `$(error) Last ${what}`, command: 'showRuleFailure', args: [uri, key] }];
}

/** A text behind a line of the rule. */
export interface RuleNote {
	offset: number;
	text: string;
	tone: 'running' | 'quiet' | 'bad';
}

/** Its figures and why it has ended behind its first line, and the newest violation of each expectation. */
export function ruleNotes({ run, changed, waitsFor }: RuleLensState, request: Request): RuleNote[] {
	if (!run) return [];
	const { start } = request;
	const tone = run.failure || troubles(run) ? 'bad' : isActive(run) ? 'running' : 'quiet';
	const notes: RuleNote[] = [{ offset: start, text: stateText(run, waitsFor), tone }];
	if (changed || !run.stats || !isWatch(run.section)) return notes;
	// The text is unchanged, so that places within it are valid.
	const moved = start - (run.section.request?.start ?? 0);
	const newest = new Map(run.stats.violations.map((one) => [one.range.start, one]));
	for (const [place, { expected, actual }] of newest)
		notes.push({ offset: place + moved, text: `expected ${expected}, got ${actual}`, tone: 'bad' });
	return notes;
}
