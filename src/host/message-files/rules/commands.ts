import * as vscode from 'vscode';
import { FailureError, fail } from '../../../base/failure';
import type { PlacedFailure, Section } from '../../../files/syntax/ast';
import { isRule } from '../../../files/syntax/names';
import { requireTrust } from '../../trust';
import type { Log } from '../../ui/log';
import { showFailure } from '../../ui/show';
import type { FileCommands } from '../command-names';
import { documentOf, keyOf, parsed, rangeIn, requestAt } from '../parsed';
import type { Targets } from '../targets';
import { rulesOf } from './matching';
import type { RuleRuns } from './registry';
import { isActive, type RuleRun } from './rule-run';
import type { RuleStates } from './states';
import type { RuleNode } from './view/items';
import type { RememberedRules } from './view/remembered';
import type { RuleList } from './view/rule-list';
import { lastFailureOf } from './words';

type RuleCommands = Pick<
	FileCommands,
	| 'startRule'
	| 'stopRule'
	| 'restartRule'
	| 'startRulesInFile'
	| 'stopRulesInFile'
	| 'stopAllRules'
	| 'startEndedRules'
	| 'goToRule'
	| 'showRules'
	| 'showRuleFailure'
	| 'openFailedMessages'
>;

export interface RuleCommandsOptions {
	runs: RuleRuns;
	states: RuleStates;
	list: RuleList;
	remembered: RememberedRules;
	log: Log;
	targets: Targets;
}

/** Commands of rules: from a lens with URI and key, from a row of the sidebar, or for the rule at the cursor. */
export function ruleCommands(options: RuleCommandsOptions): RuleCommands {
	const { runs, states, list, remembered, log, targets } = options;

	/** The rule that a command is called for. Throws `no-file` or `no-request`. */
	async function ruleAt(argument: unknown, key: unknown) {
		const node = nodeOf(argument);
		const at = node?.kind === 'rule' ? await requestAt(node.uri, node.key) : await requestAt(argument, key);
		if (!isRule(at.section)) throw fail('no-rule', 'Place the cursor in a rule first. A rule begins with the verb ON.');
		return at;
	}

	async function runAt(argument: unknown, key: unknown): Promise<RuleRun | undefined> {
		const node = nodeOf(argument);
		// A rule that is no longer in its file can still be stopped.
		if (node?.kind === 'rule') return runs.all.find((run) => run === node.run) ?? node.run;
		const { document, section } = await ruleAt(argument, key);
		return states.stateOf(document, keyOf(parsed(document), section)).run;
	}

	async function start(document: vscode.TextDocument, sections: readonly Section[]): Promise<void> {
		requireTrust();
		if (!(await targets.ensure(document.uri, parsed(document), sections))) return;
		for (const section of sections) if (!(await runs.start(document, section))) return;
	}

	function runsIn(uri: vscode.Uri): RuleRun[] {
		return runs.all.filter((run) => run.uri.toString() === uri.toString() && isActive(run));
	}

	async function reveal(uri: vscode.Uri, key: string, failure?: PlacedFailure): Promise<void> {
		const document = await vscode.workspace.openTextDocument(uri);
		const { section } = await requestAt(uri, key);
		const run = states.stateOf(document, key).run;
		const request = section.request as NonNullable<Section['request']>;
		const moved = run ? request.start - (run.section.request?.start ?? 0) : 0;
		const isSame = run !== undefined && !states.stateOf(document, key).changed;
		const place =
			isSame && failure?.range ? { start: failure.range.start + moved, end: failure.range.start + moved } : undefined;
		const { start } = rangeIn(document, place ?? { start: request.start, end: request.start });
		await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start) });
	}

	const fileOf = (argument: unknown) => documentOf(nodeOf(argument)?.uri ?? argument);

	return {
		async startRule(argument, key) {
			const { document, section } = await ruleAt(argument, key);
			await start(document, [section]);
		},
		async stopRule(argument, key) {
			const run = await runAt(argument, key);
			if (run) await runs.stop(run);
		},
		async restartRule(argument, key) {
			const run = await runAt(argument, key);
			const { document, section } = await ruleAt(argument, key);
			if (run) await runs.stop(run);
			await start(document, [section]);
		},
		async startRulesInFile(argument) {
			const document = await fileOf(argument);
			const sections = rulesOf(parsed(document));
			if (sections.length === 0) throw fail('no-rule', 'This file has no rules. A rule begins with the verb ON.');
			await start(document, sections);
		},
		async stopRulesInFile(argument) {
			const { uri } = await fileOf(argument);
			await Promise.all(runsIn(uri).map((run) => runs.stop(run)));
		},
		stopAllRules: () => runs.stopAll(),
		async startEndedRules() {
			for (const { uri, rules } of list.files()) {
				const keys = rules.filter(({ run, key }) => !run && remembered.has(uri.toString(), key)).map(({ key }) => key);
				if (keys.length === 0) continue;
				const document = await vscode.workspace.openTextDocument(uri);
				const file = parsed(document);
				await start(
					document,
					rulesOf(file).filter((section) => keys.includes(keyOf(file, section))),
				);
			}
		},
		async goToRule(argument, key) {
			const node = nodeOf(argument);
			if (node?.kind === 'rule') await reveal(node.uri, node.key);
			else {
				const { document, section } = await ruleAt(argument, key);
				await reveal(document.uri, keyOf(parsed(document), section));
			}
		},
		showRules: () => vscode.commands.executeCommand('messagingWorkbench.rules.focus'),
		async openFailedMessages(argument, key) {
			const path = (await runAt(argument, key))?.deadLetters;
			if (path === undefined) throw fail('no-failure', 'No message of this rule has failed.');
			await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path));
		},
		async showRuleFailure(argument, key) {
			const run = await runAt(argument, key);
			const failure = run && lastFailureOf(run);
			if (!failure) throw fail('no-failure', 'This rule has no failure.');
			const node = nodeOf(argument);
			if (node?.kind !== 'rule' || !node.gone) {
				const { document, section } = await ruleAt(argument, key);
				await reveal(document.uri, keyOf(parsed(document), section), failure);
			}
			await showFailure(log, run.key, new FailureError(failure));
		},
	};
}

/** A row of the sidebar that names a file or a rule. */
type Row = Extract<RuleNode, { uri: vscode.Uri }>;

function nodeOf(argument: unknown): Row | undefined {
	const node = argument as Partial<Row> | undefined;
	return (node?.kind === 'rule' || node?.kind === 'file') && node.uri ? (node as Row) : undefined;
}
