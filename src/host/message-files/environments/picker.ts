import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { secretNames } from '../../../files/values/secret-names';
import { requireTrust } from '../../trust';
import { notify } from '../../ui/notify';
import { askText, pickOne } from '../../ui/prompt';
import { createStatusItem } from '../../ui/status-item';
import type { FileCommands } from '../command-names';
import { isMessageFile } from '../document';
import { parsed } from '../parsed';
import { type Environments, folderOf } from './environments';
import type { FileSecrets } from './file-secrets';

/** Shows the environment in the status bar while a message file is active. A click chooses another one. */
export function createEnvironmentPicker(
	environments: Environments,
	secrets: FileSecrets,
): Disposable & { commands: Pick<FileCommands, 'selectEnvironment' | 'enterFileSecret'> } {
	const lifetime = new DisposableStore();
	const item = lifetime.add(
		createStatusItem(
			'messagingWorkbench.environment',
			'Message File Environment',
			'messagingWorkbench.selectEnvironment',
			vscode.StatusBarAlignment.Right,
			90,
		),
	);

	const active = () => {
		const document = vscode.window.activeTextEditor?.document;
		return document && isMessageFile(document) ? document : undefined;
	};
	async function update(): Promise<void> {
		const document = active();
		if (!document) return item.hide();
		const { environment, names } = await environments.of(document.uri, parsed(document));
		if (active() !== document) return;
		const name = environment.name ?? (names.length > 0 ? 'No environment' : undefined);
		if (name === undefined) return item.hide();
		const source = environments.chosen ? '' : ', set by this file';
		const tooltip = `Environment of message files${source}. Click to choose another one.`;
		item.show({ icon: 'symbol-namespace', text: name, tooltip });
	}
	lifetime.add(environments.onChanged(() => void update()));
	lifetime.add(vscode.window.onDidChangeActiveTextEditor(() => void update()));
	let waiting: ReturnType<typeof setTimeout> | undefined;
	lifetime.add(
		vscode.workspace.onDidChangeTextDocument(({ document }) => {
			if (document !== active()) return;
			clearTimeout(waiting);
			waiting = setTimeout(() => void update(), 500);
		}),
	);
	lifetime.add({ dispose: () => clearTimeout(waiting) });
	void update();

	return {
		commands: {
			async selectEnvironment() {
				requireTrust();
				const document = active();
				const names = document ? (await environments.of(document.uri, parsed(document))).names : [];
				if (names.length === 0) {
					const create = 'Create File';
					const text = 'There is no http-client.env.json with environments in this folder or above.';
					const folder = document && folderOf(document.uri);
					const choice = await notify('information', text, ...(folder ? [create] : []));
					if (choice === create && folder) await createFile(vscode.Uri.joinPath(folder, 'http-client.env.json'));
					return;
				}
				const none = 'Set by Each File';
				const choice = await pickOne(
					[
						...names.map((label) => ({ label, name: label as string | undefined })),
						{ label: none, description: '# @env', name: undefined },
					].map((one) => ({ ...one, picked: one.name === environments.chosen })),
					{ title: 'Environment of Message Files' },
				);
				if (choice) await environments.choose(choice.name);
			},
			async enterFileSecret() {
				const document = active();
				const names = document ? secretNames(parsed(document)) : [];
				const name =
					names.length > 1
						? (
								await pickOne(
									names.map((label) => ({ label })),
									{ title: 'Which Secret?' },
								)
							)?.label
						: (names[0] ?? (await askText({ title: 'Name of the Secret, as in {{$secret name}}' })));
				if (name) await secrets.ask(name);
			},
		},
		dispose: () => lifetime.dispose(),
	};
}

async function createFile(uri: vscode.Uri): Promise<void> {
	const example = { dev: { device: 'dev-7' }, prod: { device: 'prod-1' } };
	const edit = new vscode.WorkspaceEdit();
	edit.createFile(uri, {
		ignoreIfExists: true,
		contents: new TextEncoder().encode(`${JSON.stringify(example, undefined, '\t')}\n`),
	});
	await vscode.workspace.applyEdit(edit);
	await vscode.window.showTextDocument(uri);
}
