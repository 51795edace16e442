import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Problem } from '../../model/profile/check';
import { lineStarts, positionIn, rangeOf } from '../settings/text';
import { visibleText } from '../ui/visible-text';
import type { ProfileStore, ReadSource } from './store';

export const diagnosticSource = 'Messaging Workbench';

/** Shows what is wrong with the connections where they stand, in the settings files. */
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
	for (const one of found) one.source = diagnosticSource;
	return found;
}

function diagnostic(range: vscode.Range, { message, severity, code, meant }: Problem): vscode.Diagnostic {
	const level = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
	const made = new vscode.Diagnostic(range, visibleText(message), level);
	// The code carries what a quick fix needs: which one, and for a misspelt name the right one.
	made.code = meant === undefined ? code : `${code}:${meant}`;
	return made;
}
