import * as vscode from 'vscode';
import { Coalescer } from '../../base/coalesce';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { fail, toFailure } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import { type PanelApi, type PanelEvents, panelChecks } from '../../model/contracts/panel-api';
import type { Status } from '../../model/contracts/session';
import { descriptions } from '../../protocols/descriptions';
import { idleStatus } from '../connections/sessions';
import { attachPage } from '../panel/page';
import type { Services } from '../services';
import type { Documents } from '../ui/documents';
import { pickOne } from '../ui/prompt';
import { createRecordedApi } from './api';
import { headOf } from './head';
import { recordingView } from './open';

/** Minimum interval between status updates to the page, in milliseconds. */
const statusInterval = 250;

/** Shows recordings in the panel of connections, read-only. */
export function createRecordingEditor(services: Services, documents: Documents): Disposable {
	return vscode.window.registerCustomEditorProvider(
		recordingView,
		{
			openCustomDocument: (uri) => ({ uri, dispose() {} }),
			async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel) {
				await show(services, documents, uri, panel);
			},
		},
		{ supportsMultipleEditorsPerDocument: true },
	);
}

async function show(
	services: Services,
	documents: Documents,
	uri: vscode.Uri,
	panel: vscode.WebviewPanel,
): Promise<void> {
	if (uri.scheme !== 'file') throw fail('no-recording', 'A recording is opened from a folder of this machine.');
	const head = await headOf(uri.fsPath);
	const protocol = head?.protocol ?? (await askProtocol());
	const own = new DisposableStore();
	panel.onDidDispose(() => own.dispose());
	let status: Status = idleStatus;
	let ready = false;
	const push = own.add(
		new Coalescer(statusInterval, () => {
			if (panel.visible && ready) void rpc.remote.changed(status);
		}),
	);
	const engine = own.add(
		services.sessions.recorded(uri.fsPath, protocol, {
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
	const api = createRecordedApi({
		...{ services, documents, engine: () => engine.remote as Remote<EngineApi>, status: () => status },
		profile: { id: String(uri), name, protocol, url: head?.url ?? '' },
		connection: head?.connection,
		onInit() {
			ready = true;
		},
	});
	const events = ['changed'] as const;
	const rpc = own.add(attachPage<Remote<PanelApi>, PanelEvents>(panel, services, 'panel', api, panelChecks, events));
	own.add(
		panel.onDidChangeViewState(() => {
			if (panel.visible) push.request();
			else ready = false;
		}),
	);
	await api.connect().catch((error) => services.log.error(name, toFailure(error)));
}

async function askProtocol(): Promise<string> {
	const choice = await pickOne(
		descriptions.map(({ id, label, summary }) => ({ id, label, detail: summary })),
		{ title: 'The recording names no protocol. Which one is it of?' },
	);
	if (!choice) throw fail('cancelled', 'No protocol was chosen.');
	return choice.id;
}
