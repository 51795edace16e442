import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Command, Commands } from '../commands/registry';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import { languageId } from './document';
import type { MessageFiles } from './message-files';
import { createResults } from './run/results';
import { createTestController } from './run/test-controller';

const names = [
	'sendRequest',
	'sendAllRequests',
	'stopRequest',
	'showRequestResult',
	'chooseFileConnection',
	'selectEnvironment',
	'enterFileSecret',
	'pasteCommandLine',
	'copyRequestAs',
	'copyDraftAs',
	'copyMessageAs',
	'newMessageFile',
	'newMessageFileFromDraft',
	'newMessageFileFromMessages',
] as const;

export type FileCommands = Record<(typeof names)[number], Command>;

/**
 * Message files are more than half of the host's code and most windows show none: it is loaded with the first document
 * of theirs, command or look at their tests. Until then the editor finds their commands, tests and results here.
 */
export function createLateMessageFiles(services: Services, panels: Panels): Disposable & { commands: Commands } {
	const lifetime = new DisposableStore();
	const results = lifetime.add(createResults());
	const controller = lifetime.add(createTestController(async () => (await load()).tests));
	let loaded: Promise<MessageFiles> | undefined;

	function load(): Promise<MessageFiles> {
		opening.dispose();
		loaded ??= import('./message-files').then(({ createMessageFiles }) =>
			lifetime.add(createMessageFiles(services, panels, { results, controller })),
		);
		return loaded;
	}

	function look(document: vscode.TextDocument): void {
		if (document.languageId !== languageId || loaded) return;
		load().catch((error) => services.log.warn(`Message files: ${services.log.failure(error).message}`));
	}

	const opening = lifetime.add(vscode.workspace.onDidOpenTextDocument(look));
	// What was open before waits until the activation is over.
	const first = setImmediate(() => vscode.workspace.textDocuments.forEach(look));
	lifetime.add({ dispose: () => clearImmediate(first) });
	return {
		commands: Object.fromEntries(
			names.map((name): [string, Command] => [name, async (...args) => (await load()).commands[name](...args)]),
		),
		dispose: () => lifetime.dispose(),
	};
}
