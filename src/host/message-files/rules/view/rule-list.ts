import * as vscode from 'vscode';
import { Coalescer } from '../../../../base/coalesce';
import { type Disposable, DisposableStore } from '../../../../base/disposable';
import { Emitter, type Event } from '../../../../base/event';
import type { MessageFile, Section } from '../../../../files/syntax/ast';
import { titleOf } from '../../../../files/syntax/names';
import { parse } from '../../../../files/syntax/parse';
import { redactSentence } from '../../../../model/text/redact';
import { isMessageFile } from '../../document';
import { keyOf, parsed } from '../../parsed';
import { matchRuns, rulesOf, signatureOf } from '../matching';
import type { RuleRuns } from '../registry';
import { isActive, type RuleRun } from '../rule-run';
import type { RuleSearch } from './search';

/** Time from a change of a text to that of the list, in milliseconds. */
const delay = 500;

/** A rule of a file, or a run whose rule is no longer in the file. */
export interface ListedRule {
	uri: vscode.Uri;
	/** The key of the request in the file; of a rule that is gone, that of its run. */
	key: string;
	title: string;
	section: Section;
	/** Everything in the file that the rule depends on. */
	signature: string;
	run: RuleRun | undefined;
	/** The rule is no longer in the file. */
	gone: boolean;
}

export interface RuleFile {
	uri: vscode.Uri;
	/** Active rules first, then in the order of the file. */
	rules: ListedRule[];
}

/** The rules of the workspace's files, of open documents, and those that run. */
export interface RuleList extends Disposable {
	/** The files or the states of their rules have changed. */
	readonly onChanged: Event<void>;
	/** Files with active rules first, then by their path. */
	files(): RuleFile[];
}

export function createRuleList(search: RuleSearch, runs: RuleRuns): RuleList {
	const lifetime = new DisposableStore();
	const changed = lifetime.add(new Emitter<void>());
	const onDisk = new Map<string, { text: string; file: MessageFile }>();

	/** The text in the editor counts, as it does when the rule is started. */
	function fileOf(uri: string): MessageFile | undefined {
		const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri && isMessageFile(one));
		if (document) return parsed(document);
		const found = search.files.get(uri);
		if (!found) return undefined;
		const cached = onDisk.get(uri);
		if (cached?.text === found.text) return cached.file;
		const created = { text: found.text, file: parse(found.text) };
		onDisk.set(uri, created);
		return created.file;
	}

	function rulesIn(uri: vscode.Uri): ListedRule[] {
		const own = runs.all.filter((run) => run.uri.toString() === uri.toString());
		const file = fileOf(uri.toString());
		const matched = file ? matchRuns(file, own) : new Map<Section, RuleRun>();
		const listed = file ? rulesOf(file).map((section) => listedRule(uri, file, section, matched.get(section))) : [];
		const found = new Set(matched.values());
		for (const run of own)
			if (!found.has(run) && isActive(run))
				listed.push({
					...{ uri, key: run.key, title: redactSentence(run.key), signature: run.signature },
					...{ section: run.section, run, gone: true },
				});
		return [...listed.filter(isRunning), ...listed.filter((one) => !isRunning(one))];
	}

	const later = lifetime.add(new Coalescer(delay, () => changed.fire()));
	const request = (document: vscode.TextDocument) => isMessageFile(document) && later.request();
	const { workspace } = vscode;
	lifetime.add(workspace.onDidChangeTextDocument(({ document }) => request(document)));
	lifetime.add(workspace.onDidOpenTextDocument(request));
	lifetime.add(workspace.onDidCloseTextDocument(request));
	lifetime.add(runs.onChanged(() => changed.fire()));
	lifetime.add(search.onChanged(() => changed.fire()));

	return {
		onChanged: changed.event,
		files() {
			const uris = new Map<string, vscode.Uri>();
			for (const [key, { uri }] of search.files) uris.set(key, uri);
			for (const document of workspace.textDocuments)
				if (isMessageFile(document)) uris.set(document.uri.toString(), document.uri);
			for (const { uri } of runs.all) uris.set(uri.toString(), uri);
			for (const uri of onDisk.keys()) if (!search.files.has(uri)) onDisk.delete(uri);
			const files = [...uris.values()]
				.map((uri) => ({ uri, rules: rulesIn(uri) }))
				.filter(({ rules }) => rules.length > 0);
			const rank = ({ rules }: RuleFile) => (rules.some(isRunning) ? 0 : 1);
			return files.sort(
				(a, b) => rank(a) - rank(b) || a.uri.path.localeCompare(b.uri.path, undefined, { numeric: true }),
			);
		},
		dispose: () => lifetime.dispose(),
	};
}

const listedRule = (uri: vscode.Uri, file: MessageFile, section: Section, run: RuleRun | undefined): ListedRule => ({
	...{ uri, section, run, gone: false },
	key: keyOf(file, section),
	title: redactSentence(titleOf(file, section)),
	signature: signatureOf(file, section),
});

const isRunning = ({ run }: ListedRule): boolean => run !== undefined && isActive(run);
