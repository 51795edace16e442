import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { fileName } from '../../model/text/file-name';
import { formatCount } from '../../model/text/words';
import { notOnDisk } from '../failures';
import { type Choice, pickOne } from '../ui/prompt';

const folderKey = 'recordings.folder';

/** "farm-2026-11-29-1403.recording.jsonl", in local time. */
export function recordingName(connection: string, time: number): string {
	const date = new Date(time);
	const two = (value: number) => String(value).padStart(2, '0');
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	const end = `-${day}-${two(date.getHours())}${two(date.getMinutes())}.recording.jsonl`;
	return fileName(connection, end, 'connection');
}

/** Whether the recording begins with what the log holds. Undefined if the user cancelled. */
export async function askBeginning(name: string, messages: number): Promise<'now' | 'log' | undefined> {
	if (messages === 0) return 'now';
	const choices: (Choice & { from: 'now' | 'log' })[] = [
		{ label: 'From Now On', icon: 'record', from: 'now' },
		{
			label: 'Including the Log',
			icon: 'history',
			description: `${formatCount(messages)} earlier ${messages === 1 ? 'message' : 'messages'}`,
			from: 'log',
		},
	];
	return (await pickOne(choices, { title: `Record “${name}”` }))?.from;
}

/** Asks for the file, which then does not exist. Undefined if the user cancelled. Throws if it is on another machine. */
export async function askFile(
	{ workspaceState }: Pick<vscode.ExtensionContext, 'workspaceState'>,
	connection: string,
	isTaken: (path: string) => void,
): Promise<string | undefined> {
	const last = workspaceState.get<string>(folderKey);
	const workspace = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
	const folder = last === undefined ? (workspace ?? vscode.Uri.file(homedir())) : vscode.Uri.file(last);
	const uri = await vscode.window.showSaveDialog({
		title: `Record “${connection}” Into`,
		saveLabel: 'Start Recording',
		defaultUri: vscode.Uri.joinPath(folder, recordingName(connection, Date.now())),
		filters: { Recordings: ['jsonl'] },
	});
	if (!uri) return undefined;
	if (uri.scheme !== 'file') throw notOnDisk();
	isTaken(uri.fsPath);
	await workspaceState.update(folderKey, dirname(uri.fsPath));
	// The dialog has asked whether to replace it.
	await rm(uri.fsPath, { force: true });
	return uri.fsPath;
}
