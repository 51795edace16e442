import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { Emitter, type Event } from '../../../base/event';
import type { MessageFile } from '../../../files/syntax/ast';
import { environmentNameOf } from '../../../files/syntax/metadata';
import { parseDotenv } from '../../../files/values/dotenv';
import {
	type Environment,
	type EnvironmentProblem,
	type EnvironmentTexts,
	environmentNames,
	readEnvironment,
} from '../../../files/values/environments';
import { toText } from '../../../model/contracts/payload';
import { isTrusted, readFile, requireTrust } from '../../trust';

const names = ['http-client.env.json', 'http-client.private.env.json', '.env'] as const;
const chosenKey = 'files.environment';

export interface Known {
	environment: Environment;
	problems: EnvironmentProblem[];
	dotenv: ReadonlyMap<string, string>;
	/** Of the environments that can be chosen. */
	names: string[];
}

/** Environments of message files: what the files beside and above them say, and which one the user has chosen. */
export interface Environments extends Disposable {
	readonly onChanged: Event<void>;
	/** Undefined: each file's own `# @env` counts. */
	readonly chosen: string | undefined;
	choose(name: string | undefined): Promise<void>;
	of(uri: vscode.Uri, file: MessageFile): Promise<Known>;
}

export function createEnvironments(state: vscode.Memento): Environments {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new Emitter<void>());
	const texts = new Map<string, Promise<EnvironmentTexts>>();
	const forget = () => {
		texts.clear();
		changed.fire();
	};
	const watcher = lifetime.add(vscode.workspace.createFileSystemWatcher(`**/{${names.join(',')}}`));
	lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(forget));
	for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) lifetime.add(event(forget));
	lifetime.add(
		vscode.workspace.onDidSaveTextDocument(({ uri }) => {
			// A watcher may be late, or see nothing outside of the workspace.
			if (names.some((name) => uri.path.endsWith(`/${name}`))) forget();
		}),
	);

	function textsFor(uri: vscode.Uri): Promise<EnvironmentTexts> {
		const folder = folderOf(uri);
		if (!folder) return Promise.resolve({});
		const key = folder.toString();
		const known = texts.get(key);
		if (known) return known;
		const made = readTexts(folder, vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder);
		texts.set(key, made);
		return made;
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
			const known = environmentNames(found);
			const wanted = chosen();
			// What was chosen for another folder's files says nothing about this one.
			const name = wanted !== undefined && (known.includes(wanted) || own === undefined) ? wanted : own;
			const usable = name === wanted && name !== undefined && !known.includes(name) ? undefined : name;
			return { ...readEnvironment(found, usable), dotenv: parseDotenv(found.dotenv ?? ''), names: known };
		},
		dispose: () => lifetime.dispose(),
	};
}

/** Before the workspace is trusted: no name is known, and asking for a value throws the reason. */
const withheld = (name: string | undefined): Known => ({
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

/** The folder of a file; of one that is not saved, the workspace's first. */
export function folderOf(uri: vscode.Uri): vscode.Uri | undefined {
	if (uri.scheme === 'untitled') return vscode.workspace.workspaceFolders?.[0]?.uri;
	return vscode.Uri.joinPath(uri, '..');
}

/** Each file as it lies in the folder, or in the nearest above it up to `root`. */
async function readTexts(folder: vscode.Uri, root: vscode.Uri): Promise<EnvironmentTexts> {
	const find = async (name: string): Promise<string | undefined> => {
		for (let at = folder; ; at = vscode.Uri.joinPath(at, '..')) {
			try {
				return toText(await readFile(vscode.Uri.joinPath(at, name)));
			} catch {
				if (at.toString() === root.toString() || at.path.length <= root.path.length) return undefined;
			}
		}
	};
	const [shared, own, dotenv] = await Promise.all(names.map(find));
	return { shared, private: own, dotenv };
}
