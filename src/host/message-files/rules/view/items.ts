import * as vscode from 'vscode';
import { plainMarkdown } from '../../../ui/markdown';
import { visibleText } from '../../../ui/visible-text';
import { isActive } from '../rule-run';
import { details, isWatch, lastFailureOf, outline, stateText, violationText } from '../words';
import type { ListedRule } from './rule-list';

export type RuleNode = { kind: 'file'; id: string; uri: vscode.Uri } | ({ kind: 'rule'; id: string } & RuleRow);

/** A rule and what is known about it beyond its run. */
export interface RuleRow extends ListedRule {
	/** A connection of the rule is lost and attempted again. */
	waiting: boolean;
	/** The rule goes on with a text that is not the file's any more. */
	changed: boolean;
	/** The rule was running when the last window ended. */
	interrupted: boolean;
}

/** The tree item of a file or rule. Texts of the file and of peers are plain. */
export function ruleItem(node: RuleNode): vscode.TreeItem {
	return node.kind === 'file' ? fileItem(node.uri, node.id) : rowItem(node);
}

function fileItem(uri: vscode.Uri, id: string): vscode.TreeItem {
	const path = vscode.workspace.asRelativePath(uri).split('/');
	const item = new vscode.TreeItem(visibleText(path.at(-1) ?? ''), vscode.TreeItemCollapsibleState.Expanded);
	item.id = id;
	item.description = visibleText(path.slice(0, -1).join('/'));
	item.resourceUri = uri;
	item.iconPath = vscode.ThemeIcon.File;
	item.contextValue = 'file';
	return item;
}

function rowItem(row: Extract<RuleNode, { kind: 'rule' }>): vscode.TreeItem {
	const { run, title, section } = row;
	const state = descriptionOf(row);
	const item = new vscode.TreeItem(visibleText(title));
	item.id = row.id;
	item.description = visibleText(state);
	item.tooltip = plainMarkdown(tooltipOf(row));
	item.iconPath = iconOf(row);
	const capabilities = [
		row.gone ? 'gone' : '',
		run && lastFailureOf(run) ? 'failed' : '',
		run?.deadLetters ? 'kept' : '',
	];
	item.contextValue = ['rule', run && isActive(run) ? 'active' : 'idle', ...capabilities].filter(Boolean).join(' ');
	item.accessibilityInformation = { label: visibleText([title, wordOf(row), state].filter(Boolean).join(', ')) };
	if (!row.gone) item.command = { title: 'Go to Rule', command: 'messagingWorkbench.goToRule', arguments: [row] };
	else
		item.tooltip = plainMarkdown(
			`${outline(section)}\nThe rule is no longer in the file and goes on until it is stopped.`,
		);
	return item;
}

function descriptionOf({ run, waiting, changed, interrupted, gone, section }: RuleRow): string {
	if (!run) return interrupted ? 'ended with the last window' : outline(section);
	const mark = gone ? 'no longer in the file · ' : changed ? 'edited since · ' : '';
	return `${mark}${stateText(run, waiting)}`;
}

/** The state of the icon in a word, for screen readers. */
function wordOf({ run, waiting }: RuleRow): string {
	if (!run || run.state === 'ended') return run?.failure ? '' : 'not running';
	return run.state === 'running' && !waiting ? 'running' : '';
}

function tooltipOf({ title, section, run }: RuleRow): string {
	const last = run?.stats?.lastFailure;
	const violation = run?.stats?.violations.at(-1);
	return [
		title,
		outline(section),
		...(run ? details(run) : []),
		...(run?.deadLetters ? [`Messages that failed are kept in ${run.deadLetters}`] : []),
		...(run && isActive(run) && run.holding ? [run.holding.text] : []),
		...(run?.failure ? [run.failure.message, run.failure.evidence ?? ''] : []),
		...(last ? [`Last failure: ${last.message}`, last.evidence ?? ''] : []),
		...(violation && isWatch(section) ? [`Last violation: ${violationText(violation)}`] : []),
	]
		.filter((line) => line !== '')
		.join('\n');
}

function iconOf({ run, waiting, interrupted }: RuleRow): vscode.ThemeIcon {
	const icon = (id: string, color?: string) =>
		new vscode.ThemeIcon(id, color ? new vscode.ThemeColor(color) : undefined);
	if (!run) return icon(interrupted ? 'history' : 'circle-large-outline');
	if (run.state === 'starting' || run.state === 'stopping') return icon('loading~spin');
	if (run.state === 'ended') return run.failure ? icon('error', 'testing.iconFailed') : icon('circle-large-outline');
	if (waiting) return icon('history', 'problemsWarningIcon.foreground');
	const { failed = 0, unmet = 0 } = run.stats ?? {};
	const troubled = failed > 0 || (isWatch(run.section) && unmet > 0);
	return troubled ? icon('warning', 'problemsWarningIcon.foreground') : icon('pass-filled', 'testing.iconPassed');
}

/** Key of the visible parts of an item. An item with the same key does not need to be redrawn. */
export function ruleAppearance({ label, description, iconPath, contextValue, tooltip }: vscode.TreeItem): string {
	return JSON.stringify([label, description, iconPath, contextValue, tooltip]);
}
