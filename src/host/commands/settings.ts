import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { Services } from '../services';
import { type Commands, nodeOf } from './registry';

/** Opens the settings file at the entry of a connection. */
export function settingsCommands({ profiles }: Services): Commands {
	return {
		async showInSettings(argument) {
			const node = nodeOf(argument);
			const place = node?.kind === 'connection' ? node.stored : node?.kind === 'broken' ? node.broken : undefined;
			const read = profiles.sources.find(({ source }) => source.key === place?.source.key);
			if (!place || !read) throw fail('no-profile', 'This connection is not in the settings any more.');
			const { uri } = read.source;
			if (!uri) {
				await vscode.commands.executeCommand('workbench.action.openSettingsJson');
				return;
			}
			const editor = await vscode.window.showTextDocument(uri);
			const entry = read.list.kind === 'absent' ? undefined : read.list.entries[place.index];
			if (!entry) return;
			const position = editor.document.positionAt(entry.offset);
			editor.selection = new vscode.Selection(position, position);
			editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
		},
	};
}
