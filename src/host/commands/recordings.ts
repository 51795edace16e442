import * as vscode from 'vscode';
import { pickConnection } from '../connections/connect';
import { noHistory, noRecordingLeft, notRecording } from '../failures';
import { storedProfile } from '../profiles/store';
import { deleteHistory, hasHistory, isThere } from '../recordings/history';
import { openRecording } from '../recordings/open';
import type { Services } from '../services';
import { askModal } from '../ui/notify';
import { pickOne } from '../ui/prompt';
import { type Commands, profileId } from './registry';

/** Commands on the recordings of connections. */
export function recordingCommands(services: Services): Commands {
	const { profiles, recordings, sessions } = services;

	async function pickRunning(): Promise<string | undefined> {
		const { running } = recordings;
		if (running.length === 0) throw notRecording();
		if (running.length === 1) return running[0];
		const choices = running.map((id) => ({ id, label: profiles.find(id)?.profile.name ?? id, icon: 'record' }));
		return (await pickOne(choices, { title: 'Stop Recording' }))?.id;
	}

	/** The connection of the argument or of the user's choice, and the folder of its history, which exists. */
	async function historyOf(argument: unknown, title: string) {
		const id = profileId(argument) ?? (await pickConnection(services, title, 'any'));
		if (id === undefined) return undefined;
		const stored = storedProfile(profiles, id);
		const folder = recordings.folderOf(stored);
		if (!(await hasHistory(folder))) throw noHistory(stored.profile.name);
		return { stored, folder };
	}

	return {
		async startRecording(argument) {
			const id = profileId(argument) ?? (await pickConnection(services, 'Start Recording', 'open'));
			if (id !== undefined) await recordings.start(storedProfile(profiles, id));
		},
		async stopRecording(argument) {
			const id = profileId(argument) ?? (await pickRunning());
			if (id !== undefined) await recordings.stop(id);
		},
		async openRecording() {
			const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
			const [uri] =
				(await vscode.window.showOpenDialog({
					title: 'Open Recording',
					filters: { Recordings: ['jsonl', 'gz'], 'All Files': ['*'] },
					...(folder && { defaultUri: folder }),
				})) ?? [];
			if (uri) await openRecording(uri.fsPath);
		},
		/** The recording that the end of the window has ended. */
		async openEndedRecording(argument) {
			const path = recordings.endedFile(profileId(argument) ?? '');
			if (path === undefined || !(await isThere(path))) throw noRecordingLeft();
			await openRecording(path);
		},
		async openHistory(argument) {
			const found = await historyOf(argument, 'Open History');
			if (found) await openRecording(found.folder);
		},
		async deleteHistory(argument) {
			const found = await historyOf(argument, 'Delete History');
			if (!found) return;
			const { name, id } = found.stored.profile;
			const isRecorded = sessions.get(id)?.status.history !== undefined;
			const detail = isRecorded ? 'The connection is open: what it receives from now on is recorded.' : '';
			const choice = await askModal('warning', `Delete the recorded history of “${name}”?`, detail, 'Delete');
			if (choice === 'Delete') await deleteHistory(found.folder);
		},
	};
}
