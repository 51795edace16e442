import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { Emitter, type Event } from '../../base/event';
import { isTooDeep, maxDepth, tooDeep } from '../../base/nesting';
import { section } from '../../model/contracts/settings';
import { type CheckedEntry, checkList, type Problem } from '../../model/profile/check';
import type { Profile } from '../../model/profile/profile';
import { descriptions } from '../../protocols/descriptions';
import { noProfile, noWorkspace, otherScope } from '../failures';
import { addEntry, type ListEdit, removeEntry, reorderEntries, replaceEntry } from '../settings/edit';
import {
	editSource,
	findSources,
	isUserSettings,
	type Scope,
	type Source,
	type SourceText,
	textOf,
} from '../settings/sources';
import { type ListText, readList } from '../settings/text';
import { removeLeftOvers } from '../settings/write-file';
import { isTrusted } from '../trust';

/** A usable connection and its place in the settings. */
export interface StoredProfile {
	profile: Profile;
	source: Source;
	index: number;
}

/** An entry of the settings that cannot be used. */
export interface BrokenEntry {
	entry: unknown;
	source: Source;
	index: number;
	problems: Problem[];
}

/** One source of settings as it was last read. */
export interface ReadSource {
	source: Source;
	/** The text in which diagnostics appear. */
	document?: SourceText;
	list: ListText;
	checked: CheckedEntry[];
}

export interface ProfileStore extends Disposable {
	readonly ready: Promise<void>;
	readonly profiles: readonly StoredProfile[];
	readonly broken: readonly BrokenEntry[];
	readonly sources: readonly ReadSource[];
	readonly onChanged: Event<void>;
	find(id: string): StoredProfile | undefined;
	ids(): Set<string>;
	add(profile: Record<string, unknown>, scope: Scope): Promise<void>;
	/** Replaces the entry with this id. A different scope moves it there. */
	update(id: string, profile: Record<string, unknown>, scope?: Scope): Promise<void>;
	remove(id: string): Promise<void>;
	/** Moves the connection before another one of the same source, or to its end. */
	move(id: string, before: string | undefined): Promise<void>;
	/** Changes the list of one source. */
	edit(source: Source, change: ListEdit): Promise<void>;
	reload(): Promise<void>;
}

export function createProfileStore(): ProfileStore {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new Emitter<void>());
	let sources: ReadSource[] = [];
	let profiles: StoredProfile[] = [];
	let broken: BrokenEntry[] = [];
	const tidied = new Set<string>();
	let queue: Promise<unknown> = Promise.resolve();

	/** Runs edits and reads one after the other, so that none works on a text that another one is replacing. */
	function queued<T>(action: () => Promise<T>): Promise<T> {
		const result = queue.then(action);
		queue = result.catch(() => {});
		return result;
	}

	/** Removes temporary files of a killed window, once for each file and not before the workspace is trusted. */
	async function tidy({ file }: Source): Promise<void> {
		if (file?.scheme !== 'file' || tidied.has(file.fsPath) || !isTrusted()) return;
		tidied.add(file.fsPath);
		await removeLeftOvers(file.fsPath);
	}

	/** Text and values that were read last, to recognize a read without news. */
	let latest = '';

	/**
	 * Reads all sources. Listeners are called only if something is new or `always` is set: VS Code opens and closes the user
	 * settings several times while it starts, and each refresh of the sidebar invalidates its rows for a moment.
	 */
	async function read(always = false): Promise<void> {
		const taken = new Set<string>();
		const found: ReadSource[] = [];
		for (const source of findSources()) {
			await tidy(source);
			found.push(await readSource(source, taken));
		}
		const now = JSON.stringify(found.map(({ source, document, checked }) => [source, document, checked]));
		if (now === latest && !always) return;
		latest = now;
		sources = found;
		const entries = found.flatMap(({ source, checked }) => checked.map((entry) => ({ source, entry })));
		profiles = entries.flatMap(({ source, entry }) =>
			entry.ok ? [{ profile: entry.profile, source, index: entry.index }] : [],
		);
		broken = entries.flatMap(({ source, entry }) => (entry.ok ? [] : [{ ...entry, source }]));
		changed.fire();
	}

	async function edit(source: Source, change: ListEdit): Promise<void> {
		await editSource(source, change);
		await read();
	}

	const find = (id: string) => profiles.find(({ profile }) => profile.id === id);
	const need = (id: string) => storedProfile({ find }, id);

	function sourceFor(scope: Scope): Source {
		const found = sources.find(({ source }) => source.scope === scope);
		if (!found) throw noWorkspace();
		return found.source;
	}

	const reload = (always?: boolean) => queued(() => read(always));
	lifetime.add(
		vscode.workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration(`${section}.connections`)) void reload();
		}),
	);
	lifetime.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void reload()));
	// Trust decides what of the same settings may be used.
	lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void reload(true)));
	lifetime.add(
		vscode.workspace.onDidSaveTextDocument((saved) => {
			const isSource = ({ source }: ReadSource) => source.file?.toString() === saved.uri.toString();
			if (isUserSettings(saved) || sources.some(isSource)) void reload();
		}),
	);
	for (const event of [vscode.workspace.onDidOpenTextDocument, vscode.workspace.onDidCloseTextDocument])
		lifetime.add(event((document) => isUserSettings(document) && void reload()));
	return {
		ready: reload(),
		get profiles() {
			return profiles;
		},
		get broken() {
			return broken;
		},
		get sources() {
			return sources;
		},
		onChanged: changed.event,
		find,
		ids: () => new Set(sources.flatMap(({ checked }) => checked.map(idOf))),
		add: (profile, scope) => queued(() => edit(sourceFor(scope), addEntry(profile))),
		update: (id, profile, scope) =>
			queued(async () => {
				const { source, index } = need(id);
				if (scope === undefined || scope === source.scope) return edit(source, replaceEntry(index, profile));
				// Added before it is removed, so that a failure in between leaves two entries and never none.
				await edit(sourceFor(scope), addEntry(profile));
				await edit(source, removeEntry(index));
			}),
		remove: (id) =>
			queued(async () => {
				const { source, index } = need(id);
				await edit(source, removeEntry(index));
			}),
		move: (id, before) =>
			queued(async () => {
				const { source, index } = need(id);
				const target = before === undefined ? undefined : need(before);
				if (target && target.source.key !== source.key) throw otherScope();
				const count = sources.find((one) => one.source.key === source.key)?.checked.length ?? 0;
				const order = [...Array(count).keys()].filter((at) => at !== index);
				order.splice(target ? order.indexOf(target.index) : order.length, 0, index);
				await edit(source, reorderEntries(order));
			}),
		edit: (source, change) => queued(() => edit(source, change)),
		reload,
		dispose: () => lifetime.dispose(),
	};
}

/** Throws `no-profile`. */
export function storedProfile(profiles: Pick<ProfileStore, 'find'>, id: string): StoredProfile {
	const stored = profiles.find(id);
	if (!stored) throw noProfile();
	return stored;
}

async function readSource(source: Source, taken: Set<string>): Promise<ReadSource> {
	// The list that VS Code reports stands in for a file that cannot be read.
	const document = await textOf(source).catch(() => undefined);
	const list = document ? readList(document.text, source.path) : configuredList(source);
	const entries = list.kind === 'absent' ? [] : list.entries;
	const checked = checkList(
		entries.map(({ value }) => value),
		descriptions,
		taken,
	);
	return { source, list, checked, ...(document && { document }) };
}

/** Parses the list that VS Code reports as if it stood in a settings file. */
function configuredList({ path, configured: value }: Source): ListText {
	if (isTooDeep(value, maxDepth + 1))
		return { kind: 'unusable', reason: `it has ${tooDeep}`, offset: 0, length: 1, entries: [] };
	const whole =
		value === undefined ? {} : [...path].reverse().reduce<unknown>((inner, key) => ({ [key]: inner }), value);
	return readList(JSON.stringify(whole), path);
}

function idOf(entry: CheckedEntry): string {
	const id = entry.ok ? entry.profile.id : (entry.entry as { id?: unknown } | null)?.id;
	return typeof id === 'string' ? id : '';
}
