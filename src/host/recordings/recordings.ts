import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { isRecord, isString } from '../../base/check';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { RecordingState } from '../../model/contracts/session';
import { formatCount, formatSize } from '../../model/text/words';
import type { Sessions } from '../connections/sessions';
import { alreadyRecording, notRecording, recordedFile } from '../failures';
import type { ProfileStore, StoredProfile } from '../profiles/store';
import { requireTrust } from '../trust';
import { notify } from '../ui/notify';
import { hasHistory, historyFolder } from './history';
import { openRecording } from './open';
import { askBeginning, askFile } from './save-as';

const stateKey = 'runningRecordings';

/** The recordings of connections. The threads of their sessions write them. */
export interface Recordings extends Disposable {
	/** Ids of connections that are being recorded by the user. */
	readonly running: readonly string[];
	/** Asks for the beginning and the file, then records until `stop`, also over lost connections. */
	start(stored: StoredProfile): Promise<void>;
	/** Stops the recording, or dismisses one that has ended early. */
	stop(id: string): Promise<void>;
	/** What was recorded until the window was reloaded. */
	before(id: string): Promise<'recording' | 'history' | undefined>;
	/** The file of that recording. */
	endedFile(id: string): string | undefined;
	folderOf(stored: StoredProfile): string;
}

type Context = Pick<vscode.ExtensionContext, 'workspaceState' | 'storageUri' | 'globalStorageUri'>;

export function createRecordings(
	context: Context,
	sessions: Sessions,
	profiles: Pick<ProfileStore, 'find'>,
): Recordings {
	const lifetime = new DisposableStore();
	const running = new Map<string, RecordingState>();
	/** Recordings whose end the user has asked for. */
	const stopping = new Set<string>();
	const ended = readState(context.workspaceState.get(stateKey));

	const nameOf = (id: string) => profiles.find(id)?.profile.name ?? id;
	const folderOf = ({ profile, source }: StoredProfile) => historyFolder(context, profile.id, source.scope);

	/** The files of running recordings are remembered, because the window may end at any time. */
	function remember(): void {
		const paths: [string, string][] = [...running].map(([id, { path }]) => [id, path]);
		void context.workspaceState.update(stateKey, Object.fromEntries([...ended, ...paths]));
	}

	lifetime.add(
		sessions.onChanged((id) => {
			const before = running.get(id);
			const { recording, state } = sessions.get(id)?.status ?? {};
			if (state?.kind === 'open' && ended.delete(id)) remember();
			if (recording && recording.problem === undefined) {
				running.set(id, recording);
				if (!before) remember();
			} else if (before && !stopping.has(id)) {
				running.delete(id);
				remember();
				void report(nameOf(id), recording ?? before);
			}
		}),
	);

	return {
		get running() {
			return [...running.keys()];
		},
		async start({ profile }) {
			requireTrust();
			const { id, name, protocol, url } = profile;
			const session = sessions.of(id, protocol);
			if (running.has(id)) throw alreadyRecording(name);
			// What arrives while the user answers is recorded.
			const { next } = await session.engine().follow(undefined, 1, false);
			const { kept, notes } = session.status;
			const beginning = await askBeginning(name, kept - notes);
			if (!beginning) return;
			const path = await askFile(context, name, (path) => {
				if ([...running.values()].some((one) => one.path === path)) throw recordedFile();
			});
			if (path === undefined) return;
			const from = beginning === 'log' ? 0 : next;
			await session.engine().startRecording({ path, connection: name, url, from });
		},
		async stop(id) {
			const session = sessions.get(id);
			if (!session?.status.recording) throw notRecording();
			stopping.add(id);
			try {
				const isDismissed = session.status.recording.problem !== undefined;
				const state = await session.engine().stopRecording();
				if (isDismissed) return;
				running.delete(id);
				remember();
				if (state) void report(nameOf(id), state);
				else void notify('information', `Nothing was received or sent, so no recording of “${nameOf(id)}” was kept.`);
			} finally {
				stopping.delete(id);
			}
		},
		async before(id) {
			if (ended.has(id)) return 'recording';
			const stored = profiles.find(id);
			return stored && (await hasHistory(folderOf(stored))) ? 'history' : undefined;
		},
		endedFile: (id) => ended.get(id),
		folderOf,
		dispose: () => lifetime.dispose(),
	};
}

async function report(connection: string, { path, messages, bytes, problem }: RecordingState): Promise<void> {
	const count = `${formatCount(messages)} ${messages === 1 ? 'message' : 'messages'} (${formatSize(bytes)})`;
	const text = `Recorded ${count} of “${connection}” in ${basename(path)}.`;
	const open = 'Open Recording';
	const choice = await (problem === undefined
		? notify('information', text, open)
		: notify('error', `${problem} ${text}`, open));
	if (choice === open) await openRecording(path);
}

function readState(value: unknown): Map<string, string> {
	const entries = Object.entries(isRecord(value) ? value : {});
	return new Map(entries.filter((entry): entry is [string, string] => isString(entry[1])));
}
