import * as vscode from 'vscode';

export const recordingView = 'messagingWorkbench.recording';

/** Opens a file, or the folder of a history, in the panel of recordings. */
export async function openRecording(path: string): Promise<void> {
	await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), recordingView);
}
