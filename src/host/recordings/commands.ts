import * as vscode from 'vscode';
import type { Commands } from '../commands/registry';
import type { Services } from '../services';
import type { RecordingEditor } from './editor';
import { recordingView } from './open';
import { readStoredRecording } from './stored';

const filters = { Recordings: ['jsonl', 'gz'] };

/** Commands that replay recordings, or read them from a server. From the explorer they take a file, from the palette the one that is shown, or they ask for one. */
export function replayCommands(services: Services, editor: RecordingEditor): Commands {
	return {
		async openStoredRecording() {
			const uri = await readStoredRecording(services);
			if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, recordingView);
		},
		async replayRecording(file) {
			const uri = file instanceof vscode.Uri ? file : (shownRecording() ?? (await chooseRecording('Replay Recording')));
			if (uri) await editor.startReplay(uri);
		},
	};
}

/** The recording in the active editor. */
function shownRecording(): vscode.Uri | undefined {
	const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
	return input instanceof vscode.TabInputCustom && input.viewType === recordingView ? input.uri : undefined;
}

async function chooseRecording(title: string): Promise<vscode.Uri | undefined> {
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	return (await vscode.window.showOpenDialog({ title, filters, ...(folder && { defaultUri: folder }) }))?.[0];
}
