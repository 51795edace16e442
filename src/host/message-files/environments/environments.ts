import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { Emitter, type Event } from '../../../base/event';
import type { MessageFile } from '../../../files/syntax/ast';
import { environmentNameOf } from '../../../files/syntax/metadata';
import {
	type EnvironmentTexts,
	environmentFiles,
	environmentNames,
	findEnvironmentTexts,
	type ReadEnvironment,
	readEnvironment,
} from '../../../files/values/environments';
import { toText } from '../../../model/contracts/payload';
import { isTrusted, readFile, requireTrust } from '../../trust';

const fileNames = Object.values(environmentFiles);
const chosenKey = 'files.environment';

export interface FileEnvironment extends ReadEnvironment {
	/** The names of the environments that can be chosen. */
	names: string[];
}

/** The environments of message files: the texts beside and above them, and the one that the user has chosen. */
export interface Environments extends Disposable {
	readonly onChanged: Event<void>;
	/** Undefined: `# @env` of each file. */
	readonly chosen: string | undefined;
	choose(name: string | undefined): Promise<void>;
	of(uri: vscode.Uri, file: MessageFile): Promise<FileEnvironment>;
}

export function createEnvironments(state: vscode.Memento): Environments {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new Emitter<void>());
	const texts = new Map<string, Promise<EnvironmentTexts>>();
	const reset = () => {
		texts.clear();
		changed.fire();
	};
	const watcher = lifetime.add(vscode.workspace.createFileSystemWatcher(`**/{${fileNames.join(',')}}`));
	lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(reset));
	for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) lifetime.add(event(reset));
	lifetime.add(
		vscode.workspace.onDidSaveTextDocument(({ uri }) => {
			// The watcher may report later, and not at all outside of the workspace.
			if (fileNames.some((name) => uri.path.endsWith(`/${name}`))) reset();
		}),
	);

	function textsFor(uri: vscode.Uri): Promise<EnvironmentTexts> {
		const folder = folderOf(uri);
		if (!folder) return Promise.resolve({});
		const key = folder.toString();
		const cached = texts.get(key);
		if (cached) return cached;
		const created = readTexts(folder, vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder);
		texts.set(key, created);
		return created;
	}

	const chosen = () => state.get<string | undefined>(chosenKey, undefined);
	return {
		onChanged: changed.event,
		get chosen() {
			return chosen();
		},
		async choose(name) {
			await state.update(chosenKey, name);
			changed.fire();
		},
		async of(uri, file) {
			const own = environmentNameOf(file);
			if (!isTrusted()) return withheld(own);
			const found = await textsFor(uri);
			const names = environmentNames(found);
			// An environment that was chosen for the files of another folder may not exist here.
			const wanted = chosen();
			const name = wanted !== undefined && names.includes(wanted) ? wanted : own;
			return { ...readEnvironment(found, name), names };
		},
		dispose: () => lifetime.dispose(),
	};
}

/** The environment before the workspace is trusted: it has no names, and reading a value throws `untrusted`. */
const withheld = (name: string | undefined): FileEnvironment => ({
	environment: { ...(name !== undefined && { name }), values: new Withheld(), secret: new Set() },
	problems: [],
	dotenv: new Map(),
	names: [],
});

class Withheld extends Map<string, string> {
	override get(): undefined {
		requireTrust();
	}
}

/** The folder of a file; for a file that is not saved, the first folder of the workspace. */
export function folderOf(uri: vscode.Uri): vscode.Uri | undefined {
	if (uri.scheme === 'untitled') return vscode.workspace.workspaceFolders?.[0]?.uri;
	return vscode.Uri.joinPath(uri, '..');
}

function readTexts(folder: vscode.Uri, root: vscode.Uri): Promise<EnvironmentTexts> {
	return findEnvironmentTexts(folder, {
		parent: (at) =>
			at.toString() === root.toString() || at.path.length <= root.path.length
				? undefined
				: vscode.Uri.joinPath(at, '..'),
		async read(at, name) {
			try {
				return toText(await readFile(vscode.Uri.joinPath(at, name)));
			} catch {
				return undefined;
			}
		},
	});
}
