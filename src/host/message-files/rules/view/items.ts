import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Failure } from '../../../../base/failure';
import { plainMarkdown } from '../../../ui/markdown';
import { visibleText } from '../../../ui/visible-text';
import { isActive } from '../rule-run';
import { details, isWatch, lastFailureOf, outline, stateText, violationText } from '../words';
import type { ListedRule } from './rule-list';

export type RuleNode =
	| { kind: 'file'; id: string; uri: vscode.Uri }
	| ({ kind: 'rule'; id: string } & RuleRow)
	| { kind: 'detail'; id: string; rule: Extract<RuleNode, { kind: 'rule' }>; detail: Detail };

/** A line about a rule. */
interface Detail {
	text: string;
	/** Called when it is chosen; Go to Rule unless given. */
	command?: 'showRuleFailure' | 'openFailedMessages';
}

/** A rule with a longer title shows its details at first: a narrow sidebar cuts the counts behind the title. */
const maxTitle = 30;

/** A rule and what is known about it beyond its run. */
export interface RuleRow extends ListedRule {
	/** Names of the rule's connections that are lost and attempted again. */
	waitsFor: readonly string[];
	/** The rule goes on with a text that is not the file's any more. */
	changed: boolean;
	/** The rule was running when the last window ended. */
	interrupted: boolean;
}

/** The tree item of a file, a rule or a line about it. Texts of the file and of peers are plain. */
export function ruleItem(node: RuleNode): vscode.TreeItem {
	if (node.kind === 'file') return fileItem(node.uri, node.id);
	return node.kind === 'rule' ? rowItem(node) : detailItem(node);
}

export const detailsOf = (rule: Extract<RuleNode, { kind: 'rule' }>): Extract<RuleNode, { kind: 'detail' }>[] =>
	linesOf(rule).map((detail, at) => ({ kind: 'detail', id: `${rule.id}\n${at}`, rule, detail }));

function detailItem({ id, rule, detail: { text, command } }: Extract<RuleNode, { kind: 'detail' }>): vscode.TreeItem {
	const item = new vscode.TreeItem(visibleText(text));
	item.id = id;
	item.tooltip = plainMarkdown(text);
	if (command || !rule.gone) item.command = commandOf(rule, command);
	return item;
}

const commandOf = (rule: Extract<RuleNode, { kind: 'rule' }>, command: string = 'goToRule'): vscode.Command => ({
	title: 'Show',
	command: `messagingWorkbench.${command}`,
	arguments: [rule],
});

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
	const { run, title } = row;
	const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
	const item = new vscode.TreeItem(visibleText(title), title.length > maxTitle ? Expanded : Collapsed);
	item.id = row.id;
	item.description = visibleText(descriptionOf(row, true));
	item.tooltip = plainMarkdown([title, ...linesOf(row).map(({ text }) => text)].join('\n'));
	item.iconPath = iconOf(row);
	const capabilities = [
		row.gone ? 'gone' : '',
		run && lastFailureOf(run) ? 'failed' : '',
		run?.deadLetters ? 'kept' : '',
	];
	item.contextValue = ['rule', run && isActive(run) ? 'active' : 'idle', ...capabilities].filter(Boolean).join(' ');
	item.accessibilityInformation = {
		label: visibleText([title, wordOf(row), descriptionOf(row, false)].filter(Boolean).join(', ')),
	};
	if (!row.gone) item.command = commandOf(row);
	return item;
}

function descriptionOf({ run, waitsFor, changed, interrupted, gone, section }: RuleRow, short: boolean): string {
	if (!run) return interrupted ? 'ended with the last window' : outline(section);
	const mark = gone ? 'no longer in the file · ' : changed ? 'edited since · ' : '';
	return `${mark}${stateText(run, waitsFor, short)}`;
}

/** The state of the icon in a word, for screen readers. */
function wordOf({ run, waitsFor }: RuleRow): string {
	if (!run || run.state === 'ended') return run?.failure ? '' : 'not running';
	return run.state === 'running' && waitsFor.length === 0 ? 'running' : '';
}

/** Everything about a rule, for its tooltip and the rows below it. */
function linesOf({ section, run, gone }: RuleRow): Detail[] {
	const { lastFailure, violations = [] } = run?.stats ?? {};
	const violation = isWatch(section) ? violations.at(-1) : undefined;
	const failure = (text: string): Detail => ({ text, command: 'showRuleFailure' });
	return [
		...(run ? details(run).map((text) => ({ text })) : []),
		{ text: outline(section) },
		...(gone ? [{ text: 'The rule is no longer in the file and goes on until it is stopped.' }] : []),
		...(run?.failure ? [failure(withEvidence(run.failure))] : []),
		...(lastFailure ? [failure(`Last failure: ${withEvidence(lastFailure)}`)] : []),
		...(violation ? [failure(`Last violation: ${violationText(violation)}`)] : []),
		...(run?.deadLetters
			? [{ text: `Failed messages are in ${basename(run.deadLetters)}`, command: 'openFailedMessages' as const }]
			: []),
		...(run && isActive(run) && run.holding ? [{ text: run.holding.text }] : []),
	];
}

const withEvidence = ({ message, evidence }: Failure): string => (evidence ? `${message} (${evidence})` : message);

function iconOf({ run, waitsFor, interrupted }: RuleRow): vscode.ThemeIcon {
	const icon = (id: string, color?: string) =>
		new vscode.ThemeIcon(id, color ? new vscode.ThemeColor(color) : undefined);
	if (!run) return icon(interrupted ? 'history' : 'circle-large-outline');
	if (run.state === 'starting' || run.state === 'stopping') return icon('loading~spin');
	if (run.state === 'ended') return run.failure ? icon('error', 'testing.iconFailed') : icon('circle-large-outline');
	if (waitsFor.length > 0) return icon('history', 'problemsWarningIcon.foreground');
	const { failed = 0, unmet = 0 } = run.stats ?? {};
	const troubled = failed > 0 || (isWatch(run.section) && unmet > 0);
	return troubled ? icon('warning', 'problemsWarningIcon.foreground') : icon('pass-filled', 'testing.iconPassed');
}

/** Key of the visible parts of an item. An item with the same key does not need to be redrawn. */
export function ruleAppearance({ label, description, iconPath, contextValue, tooltip }: vscode.TreeItem): string {
	return JSON.stringify([label, description, iconPath, contextValue, tooltip]);
}
