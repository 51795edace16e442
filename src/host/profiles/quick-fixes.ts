import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { idFor } from '../../model/contracts/settings';
import { visibleText } from '../ui/visible-text';
import { diagnosticSource } from './diagnostics';
import type { ProfileStore } from './store';

/** Offers what puts a diagnostic right, in the settings file itself, so that it can be undone there. */
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
	switch (code) {
		case 'duplicate-id': {
			const old = document.getText(diagnostic.range).replace(/^"|"$/g, '');
			const id = idFor(old, profiles.ids());
			return [replace(`Give it the id "${id}"`, JSON.stringify(id))];
		}
		case 'unknown-field':
		case 'unknown-protocol':
			return meant ? [replace(`Change to "${meant}"`, JSON.stringify(meant.split('.').at(-1)))] : [];
		case 'url-password': {
			const action = new vscode.CodeAction('Move the password to the secret storage', vscode.CodeActionKind.QuickFix);
			action.diagnostics = [diagnostic];
			action.isPreferred = true;
			action.command = {
				title: action.title,
				command: 'messagingWorkbench.moveUrlPassword',
				arguments: [document.uri.toString(), diagnostic.range.start.line],
			};
			return [action];
		}
		default:
			return [];
	}
}
