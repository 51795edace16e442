import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import { createBodyFiles } from './body-files';
import { createClipboard } from './clipboard';
import type { FileCommands } from './command-names';
import { requestCommands } from './commands';
import { createEnvironments } from './environments/environments';
import { createFileSecrets } from './environments/file-secrets';
import { createEnvironmentPicker } from './environments/picker';
import { createDecorations } from './language/decorations';
import { createFileDiagnostics } from './language/diagnostics';
import { createLenses } from './language/lenses';
import { createLanguage } from './language/providers';
import { newFileCommands } from './new-file';
import { createRuleContext } from './rules/context';
import { createRules } from './rules/rules';
import type { RulesFrame } from './rules/view/frame';
import type { RuleSearch } from './rules/view/search';
import { createOpener } from './run/connect';
import type { Results } from './run/results';
import { createRuns } from './run/runs';
import { createSimulate } from './run/simulate';
import type { FileTests } from './run/test-controller';
import { createFileTests } from './run/tests';
import { createTargets } from './targets';

/** Created at activation, because the editor may need it at any time. */
export interface Early {
	/** The section of rules in the sidebar, and what it finds in the workspace. */
	rules: { search: RuleSearch; frame: RulesFrame };
	results: Results;
	controller: vscode.TestController;
}

export interface MessageFiles extends Disposable {
	commands: FileCommands;
	tests: FileTests;
}

/** Message files in the editor: connects the parts of this folder. */
export function createMessageFiles(
	services: Services,
	panels: Panels,
	{ results, controller, rules: { search, frame } }: Early,
): MessageFiles {
	const { context, log } = services;
	const lifetime = new DisposableStore();
	const environments = lifetime.add(createEnvironments(context.workspaceState));
	const secrets = createFileSecrets(context.secrets, log);
	const targets = createTargets(services);
	const bodies = createBodyFiles();
	const opener = createOpener(services, targets);
	const path = vscode.Uri.joinPath(context.extensionUri, 'dist', 'engine', 'simulation.mjs').fsPath;
	const simulate = createSimulate({ path, opener, targets, bodies, log });
	const ruleContext = createRuleContext(services, targets);
	const shared = { environments, secrets, targets, opener, bodies, log, ruleContext };
	const runs = lifetime.add(createRuns({ ...shared, simulate }));
	const rules = lifetime.add(createRules({ ...shared, services, search, frame }));
	const picker = lifetime.add(createEnvironmentPicker(environments, secrets));
	const clipboard = lifetime.add(createClipboard(services, environments, targets, bodies));
	lifetime.add(createLanguage(services, environments, targets));
	lifetime.add(createFileDiagnostics(services, environments, targets));
	lifetime.add(createLenses(services, runs, targets, rules.states));
	lifetime.add(createDecorations(runs, rules.states));
	const tests = lifetime.add(createFileTests(controller, runs, log));
	return {
		tests,
		commands: {
			...requestCommands(services, panels, runs, targets, results, rules),
			...picker.commands,
			...clipboard.commands,
			...rules.commands,
			...newFileCommands(services),
		},
		dispose: () => lifetime.dispose(),
	};
}
