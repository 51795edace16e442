import * as vscode from 'vscode';
import { createChoosing } from './host/choose/choosing';
import { actionCommands } from './host/commands/actions';
import { connectionCommands } from './host/commands/connections';
import { fileCommands } from './host/commands/files';
import { recordingCommands } from './host/commands/recordings';
import { registerCommands } from './host/commands/registry';
import { sendCommands } from './host/commands/send';
import { settingsCommands } from './host/commands/settings';
import { topicCommands, wordCommands } from './host/commands/topics';
import { createComparing } from './host/compare/comparing';
import { createApprovals } from './host/connections/approvals';
import { applyChangedChecks } from './host/connections/changed-checks';
import { createConnecting } from './host/connections/connection-request';
import { offerReconnect } from './host/connections/reconnect';
import { createReopening } from './host/connections/reopening';
import { createSecretStore } from './host/connections/secrets';
import { createSessions } from './host/connections/sessions';
import { firstStepCommands, guideFirstStart } from './host/first-steps';
import { createForms } from './host/form/form';
import { createLazyMessageFiles } from './host/message-files/lazy';
import { createPanels } from './host/panel/panel';
import { createPlayground } from './host/playground/playground';
import { createPlaygroundState } from './host/playground/state';
import { createDiagnostics, createQuickFixes } from './host/profiles/diagnostics';
import { createProfileStore } from './host/profiles/store';
import { replayCommands } from './host/recordings/commands';
import { createRecordingEditor } from './host/recordings/editor';
import { historyFolder } from './host/recordings/history';
import { createRecordings } from './host/recordings/recordings';
import type { Services } from './host/services';
import { productionColors } from './host/sidebar/items';
import { createSidebar } from './host/sidebar/tree';
import { createDocuments } from './host/ui/documents';
import { createLog } from './host/ui/log';
import { createStatusBar } from './host/ui/status-bar';
import { limitsFrom, section } from './model/contracts/settings';

/** Composition root. Loads no library of a protocol, and starts no thread before the first session. */
export function activate(context: vscode.ExtensionContext): void {
	const log = createLog();
	const limits = () => {
		const configuration = vscode.workspace.getConfiguration(section);
		return limitsFrom((name) => configuration.get(name));
	};
	const profiles = createProfileStore();
	const secrets = createSecretStore(context, log);
	const approvals = createApprovals(context.globalState);
	const connecting = createConnecting(secrets, approvals, limits, (id, scope) => historyFolder(context, id, scope));
	const engine = (file: string) => vscode.Uri.joinPath(context.extensionUri, 'dist', 'engine', file).fsPath;
	const sessions = createSessions(engine('worker.mjs'), limits, log);
	const reopening = createReopening(context.workspaceState, sessions, profiles);
	const recordings = createRecordings(context, sessions, profiles);
	const playgroundState = createPlaygroundState();
	const stored = { context, log, profiles, secrets, approvals };
	const services: Services = { ...stored, connecting, sessions, reopening, recordings, playground: playgroundState };
	const documents = createDocuments();
	const panels = createPanels(services, documents);
	const forms = createForms(services);
	const sidebar = createSidebar(services);
	const messageFiles = createLazyMessageFiles(services, panels, sidebar);
	const comparing = createComparing(services, engine('compare.mjs'));
	const choosing = createChoosing(services, forms);
	const recordingEditor = createRecordingEditor(services, documents);
	const playground = createPlayground(services, panels, sidebar, engine('playground.mjs'));
	context.subscriptions.push(
		log,
		profiles,
		reopening,
		recordings,
		sessions,
		documents,
		panels,
		forms,
		sidebar,
		vscode.window.registerFileDecorationProvider(productionColors),
		createStatusBar(services),
		applyChangedChecks(services),
		createDiagnostics(profiles),
		createQuickFixes(profiles),
		playgroundState,
		playground,
		messageFiles,
		comparing,
		choosing,
		recordingEditor,
		registerCommands(
			{
				...connectionCommands(services, forms, panels),
				...topicCommands(services, panels, sidebar),
				...wordCommands(services, panels),
				...actionCommands(services, documents, panels),
				...sendCommands(services, panels),
				...recordingCommands(services),
				...fileCommands(services),
				...replayCommands(services, recordingEditor),
				...settingsCommands(services),
				...playground.commands,
				...firstStepCommands(context),
				...messageFiles.commands,
				...comparing.commands,
				...choosing.commands,
			},
			log,
			() => sidebar.selected,
		),
	);
	void offerReconnect(services);
	void guideFirstStart(context);
}
