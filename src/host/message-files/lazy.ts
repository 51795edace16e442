import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Command, Commands } from '../commands/registry';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import type { Sidebar } from '../sidebar/tree';
import { commandNames } from './command-names';
import { languageId } from './document';
import type { MessageFiles } from './message-files';
import { createRulesFrame } from './rules/view/frame';
import { createRuleSearch } from './rules/view/search';
import { createResults } from './run/results';
import { createTestController } from './run/test-controller';

/**
 * Loads message files with the first document of theirs, the first command, or when the Test Explorer is opened: they are
 * more than half of the host's code, and most windows show none. Commands, tests and results are registered before.
 */
export function createLazyMessageFiles(
	services: Services,
	panels: Panels,
	sidebar: Pick<Sidebar, 'shown'>,
): Disposable & { commands: Commands } {
	const lifetime = new DisposableStore();
	const results = lifetime.add(createResults());
	const controller = lifetime.add(createTestController(async () => (await load()).tests));
	const rules = { search: lifetime.add(createRuleSearch()), frame: lifetime.add(createRulesFrame()) };
	let loaded: Promise<MessageFiles> | undefined;

	function load(): Promise<MessageFiles> {
		opening.dispose();
		loaded ??= import('./message-files').then(({ createMessageFiles }) =>
			lifetime.add(createMessageFiles(services, panels, { results, controller, rules })),
		);
		return loaded;
	}

	function loadLater(): void {
		if (loaded) return;
		load().catch((error) => services.log.warn(`Message files: ${services.log.failure(error).message}`));
	}

	function loadFor(document: vscode.TextDocument): void {
		if (document.languageId === languageId) loadLater();
	}

	// The section of rules is in the sidebar if there are some.
	void sidebar.shown.then(() => rules.search.begin());
	lifetime.add(rules.search.onChanged(() => loadLater()));
	const opening = lifetime.add(vscode.workspace.onDidOpenTextDocument(loadFor));
	// Documents that are open already are loaded after the activation, so that they do not delay it.
	const first = setImmediate(() => vscode.workspace.textDocuments.forEach(loadFor));
	lifetime.add({ dispose: () => clearImmediate(first) });
	return {
		commands: Object.fromEntries(
			commandNames.map((name): [string, Command] => [name, async (...args) => (await load()).commands[name](...args)]),
		),
		dispose: () => lifetime.dispose(),
	};
}
