import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Problem } from '../../model/profile/check';
import { rangeOf } from '../settings/text';
import { visibleText } from '../ui/visible-text';
import type { ProfileStore, ReadSource } from './store';

export const diagnosticSource = 'Messaging Workbench';

/** Shows what is wrong with the connections where they stand, in the settings files. */
export function createDiagnostics(profiles: ProfileStore): Disposable {
	const lifetime = new DisposableStore();
	const collection = lifetime.add(vscode.languages.createDiagnosticCollection('messagingWorkbench'));

	function show(): void {
		collection.clear();
		for (const read of profiles.sources) {
			const { uri } = read.source;
			if (uri && read.text !== undefined) collection.set(uri, diagnosticsOf(read, read.text));
		}
	}

	lifetime.add(profiles.onChanged(show));
	return lifetime;
}

function diagnosticsOf({ list, checked }: ReadSource, text: string): vscode.Diagnostic[] {
	const lines = lineStarts(text);
	const range = (offset: number, length: number) =>
		new vscode.Range(positionAt(lines, offset), positionAt(lines, offset + length));
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

/** Offsets at which lines begin, as the editor counts them. */
function lineStarts(text: string): number[] {
	const starts = [0];
	for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
	return starts;
}

function positionAt(starts: readonly number[], offset: number): vscode.Position {
	let low = 0;
	let high = starts.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((starts[middle] ?? 0) <= offset) low = middle;
		else high = middle - 1;
	}
	return new vscode.Position(low, offset - (starts[low] ?? 0));
}
