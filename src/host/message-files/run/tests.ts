import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import type { RequestResult } from '../../../files/run/results/result';
import { summary } from '../../../files/run/results/summary';
import type { Range } from '../../../files/syntax/ast';
import { optionOf } from '../../../files/syntax/metadata';
import { titleOf } from '../../../files/syntax/names';
import { createRedactor, redactSentence } from '../../../model/text/redact';
import { findFiles, isTrusted } from '../../trust';
import type { Log } from '../../ui/log';
import { testMessage, testOutput } from '../../ui/test-message';
import { visibleText } from '../../ui/visible-text';
import { isMessageFile, languageId } from '../document';
import { keyOf, parsed, rangeIn, sectionOf } from '../parsed';
import { isEndlessRule } from '../rules/matching';
import type { Runs } from './runs';
import type { FileTests } from './test-controller';

const pattern = '**/*.messages';
/** Most files that are listed. */
const maxFiles = 2000;

/** Every request as a test: a file is a suite, and a failed expectation shows the expected and the actual value at its line. */
export function createFileTests(controller: vscode.TestController, runs: Runs, log: Log): FileTests & Disposable {
	const lifetime = new DisposableStore();

	function fileItem(uri: vscode.Uri): vscode.TestItem {
		const existing = controller.items.get(uri.toString());
		if (existing) return existing;
		const item = controller.createTestItem(uri.toString(), visibleText(vscode.workspace.asRelativePath(uri)), uri);
		item.canResolveChildren = true;
		controller.items.add(item);
		return item;
	}

	function fill(document: vscode.TextDocument): void {
		if (!isMessageFile(document)) return;
		const file = parsed(document);
		const item = fileItem(document.uri);
		const { children } = item;
		const removed = new Set([...children].map(([id]) => id));
		for (const section of file.sections) {
			const { request } = section;
			// A request with an unknown verb is listed, too, and fails.
			if (!request || isEndlessRule(file, section)) continue;
			const key = keyOf(file, section);
			removed.delete(key);
			const label = visibleText(redactSentence(titleOf(file, section)));
			const existing = children.get(key);
			const child = existing ?? controller.createTestItem(key, label, document.uri);
			const description = visibleText(redactSentence(`${request.verb.text} ${request.target.text}`.trim()));
			const range = rangeIn(document, request);
			const tags = optionOf(file, section, 'disabled') ? [disabled] : [];
			// Every change of an item is sent to the editor's window, so that only real changes are made while typing.
			if (child.label !== label) child.label = label;
			if (child.description !== description) child.description = description;
			if (!child.range?.isEqual(range)) child.range = range;
			if (child.tags.length !== tags.length) child.tags = tags;
			if (!existing) children.add(child);
		}
		for (const key of removed) children.delete(key);
	}

	async function load(item: vscode.TestItem): Promise<vscode.TextDocument | undefined> {
		if (!item.uri) return undefined;
		const document = await vscode.workspace.openTextDocument(item.uri);
		if (document.languageId !== languageId) return undefined;
		fill(document);
		return document;
	}

	/** The Test Explorer has asked for the files. */
	let requested = false;
	async function discover(): Promise<void> {
		requested = true;
		if (!isTrusted()) return;
		for (const uri of await findFiles(pattern, '**/node_modules/**', maxFiles)) fileItem(uri);
	}

	const watcher = lifetime.add(vscode.workspace.createFileSystemWatcher(pattern));
	lifetime.add(watcher.onDidCreate((uri) => isTrusted() && void fileItem(uri)));
	lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => requested && void discover()));
	lifetime.add(watcher.onDidDelete((uri) => controller.items.delete(uri.toString())));
	lifetime.add(watcher.onDidChange((uri) => void reload(uri)));
	async function reload(uri: vscode.Uri): Promise<void> {
		const item = controller.items.get(uri.toString());
		if (item && item.children.size > 0) await load(item);
	}
	const waiting = new Map<string, ReturnType<typeof setTimeout>>();
	const later = (document: vscode.TextDocument) => {
		const key = document.uri.toString();
		clearTimeout(waiting.get(key));
		waiting.set(
			key,
			setTimeout(() => {
				waiting.delete(key);
				if (!document.isClosed) fill(document);
			}, 500),
		);
	};
	lifetime.add({ dispose: () => [...waiting.values()].forEach(clearTimeout) });
	const saved = (document: vscode.TextDocument) => document.uri.scheme !== 'untitled' && isMessageFile(document);
	lifetime.add(vscode.workspace.onDidOpenTextDocument((document) => saved(document) && later(document)));
	lifetime.add(vscode.workspace.onDidChangeTextDocument(({ document }) => saved(document) && later(document)));
	for (const document of vscode.workspace.textDocuments) if (saved(document)) later(document);

	async function runAll(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
		// All tests include those of files that are not listed yet.
		if (!request.include) await discover();
		const run = controller.createTestRun(request);
		try {
			const items = request.include ?? itemsInOrder(controller.items);
			const byFile = new Map<vscode.TestItem, vscode.TestItem[] | 'all'>();
			for (const item of items) {
				const file = item.parent ?? item;
				const others = byFile.get(file);
				if (!item.parent) byFile.set(file, 'all');
				else if (others !== 'all') byFile.set(file, [...(others ?? []), item]);
			}
			for (const [file, wanted] of byFile) {
				if (token.isCancellationRequested) break;
				await runFileItem(run, file, wanted, request.exclude ?? [], token);
			}
		} finally {
			run.end();
		}
	}

	async function runFileItem(
		run: vscode.TestRun,
		item: vscode.TestItem,
		wanted: vscode.TestItem[] | 'all',
		exclude: readonly vscode.TestItem[],
		token: vscode.CancellationToken,
	): Promise<void> {
		const document = await load(item);
		if (!document) return;
		const file = parsed(document);
		const keys = (wanted === 'all' ? itemsInOrder(item.children) : wanted).map(({ id }) => id);
		const excluded = new Set(exclude.map(({ id }) => id));
		const chosen = keys.filter((key) => !excluded.has(key) && !excluded.has(item.id));
		const sections = chosen.flatMap((key) => sectionOf(file, key) ?? []);
		const ready = sections.filter((section) => wanted !== 'all' || !optionOf(file, section, 'disabled'));
		for (const section of ready) run.enqueued(item.children.get(keyOf(file, section)) as vscode.TestItem);
		const abort = new AbortController();
		const cancelling = token.onCancellationRequested(() => abort.abort());
		try {
			await runs.run({
				document,
				sections: ready,
				asTest: true,
				signal: abort.signal,
				onStarted(key) {
					const test = item.children.get(key);
					if (test) run.started(test);
				},
				onResult(key, result, hidden) {
					const test = item.children.get(key);
					if (test) report(run, test, document, result, hidden);
				},
			});
		} catch (error) {
			const failure = log.failure(error);
			for (const section of ready) {
				const test = item.children.get(keyOf(file, section));
				if (test) run.errored(test, testMessage(failure.message));
			}
		} finally {
			cancelling.dispose();
		}
	}

	return {
		async resolve(item) {
			if (item) await load(item);
			else await discover();
		},
		run: runAll,
		dispose: () => lifetime.dispose(),
	};
}

const disabled = { id: 'disabled' };

/** In the order of the Test Explorer: files by their path, requests by their place. */
function itemsInOrder(items: vscode.TestItemCollection): vscode.TestItem[] {
	const line = ({ range }: vscode.TestItem) => range?.start.line ?? 0;
	return [...items]
		.map(([, item]) => item)
		.sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }) || line(a) - line(b));
}

function report(
	run: vscode.TestRun,
	test: vscode.TestItem,
	document: vscode.TextDocument,
	result: RequestResult,
	hidden: ReadonlySet<string>,
): void {
	const clean = createRedactor(hidden);
	run.appendOutput(testOutput(clean(`${result.title}: ${summary(result)}`)), undefined, test);
	if (result.ending === 'passed') run.passed(test, result.ms);
	else if (result.ending === 'stopped') run.skipped(test);
	else if (result.ending === 'failed') run.failed(test, problemsOf(document, result, clean), result.ms);
	else run.errored(test, problemsOf(document, result, clean), result.ms);
}

function problemsOf(
	document: vscode.TextDocument,
	result: RequestResult,
	clean: (text: string) => string,
): vscode.TestMessage[] {
	const messages: vscode.TestMessage[] = [];
	const placeOf = (range: Range) => new vscode.Location(document.uri, rangeIn(document, range));
	for (const one of result.assertions) {
		if (one.ending !== 'failed') continue;
		const text = clean(`${one.text}${one.reason ? `: ${one.reason}` : ''}`);
		// The Test Explorer compares the two texts, so that the usual operator is left out.
		const expected = clean(one.expected.replace(/^== /, ''));
		messages.push(testMessage(text, placeOf(one.range), { expected, actual: clean(one.actual) }));
	}
	const { failure } = result;
	if (failure) {
		const text = [failure.message, failure.evidence, failure.remedy?.text].filter(Boolean).join('\n');
		messages.push(testMessage(clean(text), placeOf(failure.range ?? result.range)));
	}
	for (const one of result.assertions) {
		if (one.ending !== 'not-run') continue;
		messages.push(testMessage(clean(`${one.text} was not checked.`), placeOf(one.range)));
	}
	return messages;
}
