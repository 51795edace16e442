import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../../base/disposable';
import { Emitter, type Event } from '../../../../base/event';
import { toText } from '../../../../model/contracts/payload';
import { findFiles, isTrusted, readFile, statFile } from '../../../trust';

const pattern = '**/*.messages';
/** Most files that are searched. */
const maxFiles = 2000;
/** Larger files are not searched, in bytes. */
const maxBytes = 4 * 1024 * 1024;
/** Files that are read at once. */
const together = 8;

/** A line that may start a rule; the parser decides. */
export const mayHaveRules = (text: string): boolean => /^[ \t]*on[ \t]/im.test(text);

/**
 * The message files of the workspace that may have rules, with their text on disk. Small, because it is loaded at
 * activation; nothing is read before the workspace is trusted and `begin` is called.
 */
export interface RuleSearch extends Disposable {
	readonly onChanged: Event<void>;
	readonly files: ReadonlyMap<string, { uri: vscode.Uri; text: string }>;
	/** Searches the workspace once, and watches it from then on. */
	begin(): Promise<void>;
}

export function createRuleSearch(): RuleSearch {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new Emitter<void>());
	const files = new Map<string, { uri: vscode.Uri; text: string }>();
	let begun = false;

	async function read(uri: vscode.Uri): Promise<boolean> {
		const key = uri.toString();
		const text = await textOf(uri);
		const has = text !== undefined && mayHaveRules(text);
		const before = files.get(key)?.text;
		if (has) files.set(key, { uri, text });
		else files.delete(key);
		return before !== (has ? text : undefined);
	}

	async function searchAll(): Promise<void> {
		if (!isTrusted()) return;
		const waiting = await findFiles(pattern, '**/node_modules/**', maxFiles);
		let found = false;
		const work = async () => {
			for (let uri = waiting.pop(); uri; uri = waiting.pop()) found = (await read(uri)) || found;
		};
		await Promise.all(Array.from({ length: together }, work));
		if (found) changed.fire();
	}

	async function refresh(uri: vscode.Uri): Promise<void> {
		if (isTrusted() && (await read(uri))) changed.fire();
	}

	return {
		onChanged: changed.event,
		files,
		async begin() {
			if (begun) return;
			begun = true;
			const watcher = lifetime.add(vscode.workspace.createFileSystemWatcher(pattern));
			lifetime.add(watcher.onDidCreate((uri) => void refresh(uri)));
			lifetime.add(watcher.onDidChange((uri) => void refresh(uri)));
			lifetime.add(watcher.onDidDelete((uri) => files.delete(uri.toString()) && changed.fire()));
			lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void searchAll()));
			await searchAll();
		},
		dispose: () => lifetime.dispose(),
	};
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
	try {
		if ((await statFile(uri)).size > maxBytes) return undefined;
		return toText(await readFile(uri));
	} catch {
		return undefined;
	}
}
