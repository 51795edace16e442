import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { redactSentence } from '../../../model/text/redact';
import type { Services } from '../../services';
import { notify } from '../../ui/notify';
import { ruleCommands } from './commands';
import { createRuleProblems } from './problems';
import { createRuleRuns } from './registry';
import type { RuleRun } from './rule-run';
import { createRuleStart, type RuleStartOptions } from './start';
import { createRuleStates, type RuleStates } from './states';
import { createRuleStatus } from './status';
import type { RulesFrame } from './view/frame';
import { createRememberedRules } from './view/remembered';
import { createRuleList } from './view/rule-list';
import { createRulesView } from './view/rules-view';
import type { RuleSearch } from './view/search';

export interface RulesOptions extends RuleStartOptions {
	services: Services;
	search: RuleSearch;
	frame: RulesFrame;
}

/** The rules of message files in the editor. */
export interface Rules extends Disposable {
	readonly states: RuleStates;
	readonly commands: ReturnType<typeof ruleCommands>;
}

export function createRules(options: RulesOptions): Rules {
	const { services, search, frame, targets, log } = options;
	const { sessions, context } = services;
	const lifetime = new DisposableStore();
	const runs = lifetime.add(createRuleRuns(createRuleStart(options), log));
	const states = createRuleStates(runs, targets, sessions);
	const list = lifetime.add(createRuleList(search, runs));
	const remembered = lifetime.add(createRememberedRules(context.workspaceState, runs));
	const commands = ruleCommands({ runs, states, list, remembered, log, targets });
	lifetime.add(createRuleProblems(runs, states));
	lifetime.add(createRuleStatus(runs, states));
	lifetime.add(createRulesView(frame, list, states, remembered, sessions.onChanged));
	lifetime.add(runs.onFailed((run) => void reportEnd(run)));
	lifetime.add(
		vscode.workspace.onDidRenameFiles(({ files }) => {
			for (const { oldUri, newUri } of files) runs.moved(oldUri, newUri);
		}),
	);

	/** The file may be closed: a rule that has ended by itself is reported wherever the user is. */
	async function reportEnd(run: RuleRun): Promise<void> {
		if (!run.failure) return;
		log.error(run.key, run.failure);
		const { message, remedy } = run.failure;
		const hint = remedy && !remedy.command ? ` ${remedy.text}` : '';
		const goTo = 'Go to Rule';
		const choice = await notify('error', `The rule “${redactSentence(run.key)}” has ended. ${message}${hint}`, goTo);
		if (choice === goTo) await commands.goToRule(run.uri, run.key);
	}

	return { states, commands, dispose: () => lifetime.dispose() };
}
