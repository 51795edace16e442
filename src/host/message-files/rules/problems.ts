import * as vscode from 'vscode';
import { clock } from '../../../base/clock';
import { Coalescer } from '../../../base/coalesce';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { maxViolations } from '../../../files/rules/state';
import type { MessageFile, PlacedFailure, Range } from '../../../files/syntax/ast';
import { formatCount } from '../../../model/text/words';
import { isMessageFile } from '../document';
import { diagnosticAt } from '../language/diagnostics';
import { parsed } from '../parsed';
import { isChanged } from './matching';
import type { RuleRuns } from './registry';
import { isActive, type RuleRun } from './rule-run';
import type { RuleStates } from './states';
import { isWatch, violationText } from './words';

/** Minimum interval between updates of the Problems view, in milliseconds. */
const interval = 1000;
/** Most expectations of one rule that are listed. */
const maxPlaces = 50;

interface Problem {
	/** In the text with which the rule was started. */
	range: Range;
	message: string;
	severity: vscode.DiagnosticSeverity;
	code: string;
}

/**
 * Lists violations of rules and their last failures in the Problems view, at the expectation or step. They are removed when
 * the rule is started again.
 */
export function createRuleProblems(runs: RuleRuns, states: RuleStates): Disposable {
	const lifetime = new DisposableStore();
	const collection = lifetime.add(vscode.languages.createDiagnosticCollection('messagingWorkbench.rules'));
	const shown = new Map<string, string>();

	function update(): void {
		const files = new Map<string, RuleRun[]>();
		for (const run of runs.all) {
			const key = run.uri.toString();
			files.set(key, [...(files.get(key) ?? []), run]);
		}
		for (const key of shown.keys())
			if (!files.has(key)) {
				shown.delete(key);
				collection.delete(vscode.Uri.parse(key));
			}
		for (const [key, own] of files) {
			const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === key && isMessageFile(one));
			const list = own.flatMap((run) => diagnosticsOf(run, document));
			const text = JSON.stringify(list);
			if (text === (shown.get(key) ?? '[]')) continue;
			shown.set(key, text);
			collection.set(vscode.Uri.parse(key), list);
		}
	}

	function diagnosticsOf(run: RuleRun, document: vscode.TextDocument | undefined): vscode.Diagnostic[] {
		const place = placeIn(run, document);
		if (!place) return [];
		return problemsOf(run).map(({ range, message, severity, code }) =>
			diagnosticAt(place(range), message, severity, code),
		);
	}

	/** Finds the places of a run in the text that is open now; undefined if its problems are outdated. */
	function placeIn(run: RuleRun, document: vscode.TextDocument | undefined) {
		if (!document) return (range: Range) => rangeOf(run.file.text, range);
		const file: MessageFile = parsed(document);
		const [section] = [...states.matched(file, run.uri.toString())].find(([, one]) => one === run) ?? [];
		if (!section?.request) return isActive(run) ? () => new vscode.Range(0, 0, 0, 0) : undefined;
		const { start, end } = { start: section.request.start, end: section.request.target.end };
		if (isChanged(file, section, run)) {
			// The lines may have moved within the rule.
			return isActive(run) ? () => rangeOf(file.text, { start, end }) : undefined;
		}
		const moved = start - (run.section.request?.start ?? 0);
		return (range: Range) => rangeOf(file.text, { start: range.start + moved, end: range.end + moved });
	}

	const all = lifetime.add(new Coalescer(interval, update));
	lifetime.add(runs.onChanged(() => all.request()));
	lifetime.add(runs.onFigures(() => all.request()));
	lifetime.add(
		vscode.workspace.onDidChangeTextDocument(({ document }) => {
			if (runs.all.some(({ uri }) => uri.toString() === document.uri.toString())) all.request();
		}),
	);
	return lifetime;
}

/** The problems of a run: its end, its last failed message, and one for each expectation that was violated. */
function problemsOf(run: RuleRun): Problem[] {
	const { section, stats, failure } = run;
	const { start, end } = section.request?.target ?? section;
	const line: Range = { start: section.request?.start ?? start, end };
	const found: Problem[] = [];
	const { Error: error, Information: information, Warning: warning } = vscode.DiagnosticSeverity;
	const add = (one: PlacedFailure, count: string, severity: vscode.DiagnosticSeverity) => {
		const { code, message, evidence, remedy, range } = one;
		const text = [message, evidence && `(${evidence})`, remedy?.text, count].filter(Boolean).join(' ');
		found.push({ range: range ?? line, message: text, severity, code });
	};
	if (failure) add(failure, '', error);
	const { lastFailure, failed = 0, looped = 0, unmet = 0, violations = [] } = stats ?? {};
	// Without a count it is a connection that was lost and attempted again, which the lens and the sidebar show.
	if (lastFailure && failed > 0)
		add(lastFailure, `${formatCount(failed)} ${failed === 1 ? 'message has' : 'messages have'} failed.`, error);
	else if (lastFailure && looped > 0)
		add(
			lastFailure,
			`${formatCount(looped)} ${looped === 1 ? 'message has' : 'messages have'} come back.`,
			information,
		);
	if (!isWatch(section)) return found;
	const places = new Map<number, { newest: (typeof violations)[number]; count: number }>();
	for (const one of violations)
		places.set(one.range.start, { newest: one, count: (places.get(one.range.start)?.count ?? 0) + 1 });
	for (const { newest, count } of [...places.values()].slice(-maxPlaces)) {
		const of =
			unmet > maxViolations ? `${formatCount(count)} of the newest ${maxViolations} violations` : violationCount(count);
		found.push({
			range: newest.range,
			message: `${violationText(newest)} at ${clock(newest.time).slice(0, 8)}. ${of}.`,
			severity: warning,
			code: 'violation',
		});
	}
	return found;
}

const violationCount = (count: number) => `${formatCount(count)} ${count === 1 ? 'violation' : 'violations'}`;

function rangeOf(text: string, { start, end }: Range): vscode.Range {
	const position = (offset: number) => {
		const before = text.slice(0, Math.max(0, offset));
		const line = before.lastIndexOf('\n') + 1;
		return [before.split('\n').length - 1, before.length - line] as const;
	};
	return new vscode.Range(...position(start), ...position(end));
}
