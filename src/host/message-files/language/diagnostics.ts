import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { check } from '../../../files/check/check';
import type { Diagnostic, Fix } from '../../../files/syntax/ast';
import type { Services } from '../../services';
import { visibleText } from '../../ui/visible-text';
import { contextOf } from '../context';
import { isMessageFile, languageId } from '../document';
import type { Environments } from '../environments/environments';
import { parsed, rangeIn } from '../parsed';
import type { Targets } from '../targets';

/** Time from the last change of the text to its check, in milliseconds. */
const delay = 300;
const source = 'Messaging Workbench';

const severities = {
	error: vscode.DiagnosticSeverity.Error,
	warning: vscode.DiagnosticSeverity.Warning,
	hint: vscode.DiagnosticSeverity.Hint,
} as const;

/** Marks the problems of message files when the user stops typing, and offers fixes. */
export function createFileDiagnostics(services: Services, environments: Environments, targets: Targets): Disposable {
	const lifetime = new DisposableStore();
	const collection = lifetime.add(vscode.languages.createDiagnosticCollection('messagingWorkbench.files'));
	const waiting = new Map<string, ReturnType<typeof setTimeout>>();
	const fixes = new WeakMap<vscode.Diagnostic, Fix[]>();
	const shown = new Map<string, vscode.Diagnostic[]>();

	async function show(document: vscode.TextDocument): Promise<void> {
		const { version, uri } = document;
		const file = parsed(document);
		const { check: context, fileEnvironment } = await contextOf(document, file, environments, targets);
		if (document.version !== version || document.isClosed) return;
		const list = check(file, context).map((one) => diagnosticOf(document, one));
		for (const { file: name, message } of fileEnvironment.problems)
			list.push(diagnosticAt(new vscode.Range(0, 0, 0, 0), `${name}: ${message}`, severities.warning, 'environment'));
		collection.set(uri, list);
		shown.set(uri.toString(), list);
	}

	function diagnosticOf(document: vscode.TextDocument, one: Diagnostic): vscode.Diagnostic {
		const diagnostic = diagnosticAt(rangeIn(document, one), one.message, severities[one.severity], one.code);
		if (one.fixes) fixes.set(diagnostic, one.fixes);
		return diagnostic;
	}

	function request(document: vscode.TextDocument, ms: number): void {
		if (!isMessageFile(document)) return;
		const key = document.uri.toString();
		clearTimeout(waiting.get(key));
		const timer = setTimeout(() => {
			waiting.delete(key);
			void show(document);
		}, ms);
		waiting.set(key, timer);
	}

	const all = () => {
		for (const document of vscode.workspace.textDocuments) request(document, delay);
	};
	lifetime.add(vscode.workspace.onDidOpenTextDocument((document) => request(document, 0)));
	lifetime.add(vscode.workspace.onDidChangeTextDocument(({ document }) => request(document, delay)));
	lifetime.add(
		vscode.workspace.onDidCloseTextDocument(({ uri }) => {
			clearTimeout(waiting.get(uri.toString()));
			waiting.delete(uri.toString());
			shown.delete(uri.toString());
			collection.delete(uri);
		}),
	);
	lifetime.add(environments.onChanged(all));
	lifetime.add(services.profiles.onChanged(all));
	lifetime.add({
		dispose() {
			for (const timer of waiting.values()) clearTimeout(timer);
		},
	});
	for (const document of vscode.workspace.textDocuments) request(document, 0);

	lifetime.add(
		vscode.languages.registerCodeActionsProvider(
			{ language: languageId },
			{
				provideCodeActions(document, range, { diagnostics }) {
					// The editor passes copies of the diagnostics, and the fixes belong to the originals.
					const own = (shown.get(document.uri.toString()) ?? []).filter(
						(one) =>
							one.range.intersection(range) &&
							diagnostics.some(({ message, range: at }) => message === one.message && at.isEqual(one.range)),
					);
					return own.flatMap((one) => (fixes.get(one) ?? []).map((fix, at) => actionOf(document, one, fix, at === 0)));
				},
			},
			{ providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
		),
	);
	return lifetime;
}

export function diagnosticAt(range: vscode.Range, message: string, severity: vscode.DiagnosticSeverity, code: string) {
	const diagnostic = new vscode.Diagnostic(range, visibleText(message), severity);
	diagnostic.source = source;
	diagnostic.code = code;
	return diagnostic;
}

function actionOf(document: vscode.TextDocument, diagnostic: vscode.Diagnostic, fix: Fix, preferred: boolean) {
	const action = new vscode.CodeAction(visibleText(fix.title), vscode.CodeActionKind.QuickFix);
	action.edit = new vscode.WorkspaceEdit();
	action.edit.replace(document.uri, rangeIn(document, fix.range), fix.text);
	action.diagnostics = [diagnostic];
	action.isPreferred = preferred;
	return action;
}
