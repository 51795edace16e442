import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { idFor } from '../../model/contracts/settings';
import type { Problem } from '../../model/profile/check';
import { lineStarts, positionIn, rangeOf } from '../settings/text';
import { visibleText } from '../ui/visible-text';
import type { ProfileStore, ReadSource } from './store';

const diagnosticSource = 'Messaging Workbench';

/** Shows problems with connections at their place in the settings. */
export function createDiagnostics(profiles: ProfileStore): Disposable {
	const lifetime = new DisposableStore();
	const collection = lifetime.add(vscode.languages.createDiagnosticCollection('messagingWorkbench'));

	function show(): void {
		collection.clear();
		for (const read of profiles.sources)
			if (read.document) collection.set(read.document.uri, diagnosticsOf(read, read.document.text));
	}

	lifetime.add(profiles.onChanged(show));
	return lifetime;
}

function diagnosticsOf({ list, checked }: ReadSource, text: string): vscode.Diagnostic[] {
	const lines = lineStarts(text);
	const position = (offset: number) => {
		const { line, character } = positionIn(lines, offset);
		return new vscode.Position(line, character);
	};
	const range = (offset: number, length: number) => new vscode.Range(position(offset), position(offset + length));
	const found: vscode.Diagnostic[] = [];
	if (list.kind === 'unusable') {
		const message = `Connections cannot be saved in this file, because ${list.reason}.`;
		found.push(
			new vscode.Diagnostic(range(list.offset, list.length), visibleText(message), vscode.DiagnosticSeverity.Warning),
		);
	}
	const entries = list.kind === 'absent' ? [] : list.entries;
	for (const { index, problems } of checked) {
		const entry = entries[index];
		if (!entry) continue;
		for (const problem of problems) {
			const { offset, length } = rangeOf(entry, problem.path, problem.code === 'unknown-field');
			found.push(diagnostic(range(offset, length), problem));
		}
	}
	for (const diagnostic of found) diagnostic.source = diagnosticSource;
	return found;
}

function diagnostic(range: vscode.Range, { message, severity, code, meant, path, secret }: Problem): vscode.Diagnostic {
	const level = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
	const created = new vscode.Diagnostic(range, visibleText(message), level);
	// Quick fixes read the code. It includes the suggestion for a misspelled name, or what a secret is and where it stands.
	const more = meant ?? (secret === undefined ? undefined : JSON.stringify([path.join('.'), secret]));
	created.code = more === undefined ? code : `${code}:${more}`;
	return created;
}

/** Quick fixes for the diagnostics of connections. They edit the open settings file, so that they can be undone. */
export function createQuickFixes(profiles: ProfileStore): Disposable {
	return vscode.languages.registerCodeActionsProvider(
		['jsonc', 'json'].map((language) => ({ language, pattern: '**/{settings.json,*.code-workspace}' })),
		{
			provideCodeActions: (document, _range, { diagnostics }) =>
				diagnostics
					.filter(({ source }) => source === diagnosticSource)
					.flatMap((diagnostic) => fixes(document, diagnostic, profiles)),
		},
		{ providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
	);
}

function fixes(
	document: vscode.TextDocument,
	diagnostic: vscode.Diagnostic,
	profiles: ProfileStore,
): vscode.CodeAction[] {
	const [code = '', meant] = String(diagnostic.code).split(/:(.*)/s);
	const replace = (title: string, text: string) => {
		const action = new vscode.CodeAction(visibleText(title), vscode.CodeActionKind.QuickFix);
		action.edit = new vscode.WorkspaceEdit();
		action.edit.replace(document.uri, diagnostic.range, text);
		action.diagnostics = [diagnostic];
		action.isPreferred = true;
		return action;
	};
	/** A command on the entry at the line of the diagnostic. */
	const move = (command: string, ...more: string[]) => {
		const action = new vscode.CodeAction('Move to secret storage', vscode.CodeActionKind.QuickFix);
		action.diagnostics = [diagnostic];
		action.isPreferred = true;
		action.command = {
			title: action.title,
			command: `messagingWorkbench.${command}`,
			arguments: [document.uri.toString(), diagnostic.range.start.line, ...more],
		};
		return action;
	};
	switch (code) {
		case 'duplicate-id': {
			const old = document.getText(diagnostic.range).replace(/^"|"$/g, '');
			const id = idFor(old, profiles.ids());
			return [replace(`Change id to "${id}"`, JSON.stringify(id))];
		}
		case 'unknown-field':
		case 'unknown-protocol':
			return meant ? [replace(`Change to "${meant}"`, JSON.stringify(meant.split('.').at(-1)))] : [];
		case 'url-password':
			return [move('moveUrlPassword')];
		case 'secret-in-settings':
			return meant === undefined ? [] : [move('moveSecret', ...(JSON.parse(meant) as [string, string]))];
		default:
			return [];
	}
}
