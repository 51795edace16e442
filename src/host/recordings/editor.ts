import * as vscode from 'vscode';
import { Coalescer } from '../../base/coalesce';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { FailureError, fail, toFailure } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import { type PanelApi, type PanelEvents, panelChecks } from '../../model/contracts/panel-api';
import type { Status } from '../../model/contracts/session';
import { idleStatus } from '../connections/sessions';
import { attachPage } from '../panel/page';
import type { Services } from '../services';
import type { Documents } from '../ui/documents';
import { recordedAction } from './actions';
import { createRecordedApi } from './api';
import { headOf } from './head';
import { recordingView } from './open';
import { protocolOf } from './protocol';
import { createRunningReplays } from './running';

/** Minimum interval between status updates to the page, in milliseconds. */
const statusInterval = 250;
/** Milliseconds from the answer to `init` until the page can show a form. */
const shownAfter = 50;

export interface RecordingEditor extends Disposable {
	/** Opens a recording and the form of a replay in it. */
	startReplay(uri: vscode.Uri): Promise<void>;
}

/** Shows recordings in the panel of connections, read-only. */
export function createRecordingEditor(services: Services, documents: Documents): RecordingEditor {
	const lifetime = new DisposableStore();
	/** Starts a replay in the page of a recording, as soon as it is drawn. */
	const pages = new Map<string, () => void>();
	/** Recordings that are being opened for a replay. */
	const waiting = new Set<string>();

	lifetime.add(
		vscode.window.registerCustomEditorProvider(
			recordingView,
			{
				openCustomDocument: (uri) => ({ uri, dispose() {} }),
				async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel) {
					try {
						await show(uri, panel);
					} catch (error) {
						services.log.error(String(uri), toFailure(error));
						showProblem(services, panel, error);
					}
				},
			},
			{ supportsMultipleEditorsPerDocument: true },
		),
	);

	async function show(uri: vscode.Uri, panel: vscode.WebviewPanel): Promise<void> {
		if (uri.scheme !== 'file') throw fail('no-recording', 'A recording is opened from a folder of this machine.');
		const path = uri.fsPath;
		const head = await headOf(path);
		const protocol = await protocolOf(uri, head, services.context.workspaceState);
		const own = new DisposableStore();
		panel.onDidDispose(() => own.dispose());
		let status: Status = idleStatus;
		let ready = false;
		const key = String(uri);
		const replays = own.add(createRunningReplays(services, () => push.request()));
		const shown = () => replays.shownIn(status);
		const push = own.add(
			new Coalescer(statusInterval, () => {
				if (panel.visible && ready) void rpc.remote.changed(shown());
			}),
		);
		const engine = own.add(
			services.sessions.recorded(path, protocol, {
				onChanged(next) {
					status = next;
					push.request();
				},
				onGone(failure) {
					status = { ...idleStatus, revision: status.revision + 1, state: { kind: 'closed', failure } };
					push.request();
				},
			}),
		);
		const name = uri.path.split('/').at(-1) ?? '';
		const startReplay = () => void rpc.remote.start({ kind: 'action', action: recordedAction.replay });
		const api = createRecordedApi({
			...{ services, documents, engine: () => engine.remote as Remote<EngineApi>, status: shown, path, head, replays },
			profile: { id: key, name, protocol, url: head?.url ?? '' },
			onInit() {
				ready = true;
				if (waiting.delete(key)) setTimeout(startReplay, shownAfter);
			},
		});
		const events = ['changed', 'start'] as const;
		const rpc = own.add(attachPage<Remote<PanelApi>, PanelEvents>(panel, services, 'panel', api, panelChecks, events));
		const start = () => {
			panel.reveal();
			if (ready && panel.visible) startReplay();
			else waiting.add(key);
		};
		pages.set(key, start);
		own.add({ dispose: () => pages.get(key) === start && pages.delete(key) });
		own.add(
			panel.onDidChangeViewState(() => {
				if (panel.visible) push.request();
				else ready = false;
			}),
		);
		await api.connect().catch((error) => services.log.error(name, toFailure(error)));
	}

	return {
		async startReplay(uri) {
			const open = pages.get(String(uri));
			if (open) return open();
			waiting.add(String(uri));
			await vscode.commands.executeCommand('vscode.openWith', uri, recordingView);
		},
		dispose: () => lifetime.dispose(),
	};
}

/** A page that says why the recording cannot be shown. */
function showProblem(services: Services, panel: vscode.WebviewPanel, error: unknown): void {
	const failure = toFailure(error);
	const init = async (): Promise<never> => {
		throw new FailureError(failure);
	};
	const rpc = attachPage(panel, services, 'panel', { init }, { init: [] });
	panel.onDidDispose(() => rpc.dispose());
}
