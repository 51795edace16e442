import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import { loggedDraft } from '../../lines/draft';
import type { RecordingHead } from '../../lines/recording';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { PanelApi, PanelProfile } from '../../model/contracts/panel-api';
import { defaultLimits, type Status } from '../../model/contracts/session';
import { describe } from '../../protocols/descriptions';
import { noProfile } from '../failures';
import { saveNumbers, savePicture } from '../panel/chart-files';
import { copyMessages, saveMessages } from '../panel/export';
import { savePayload } from '../panel/files';
import { readMethods } from '../panel/reading';
import { createSavedState } from '../panel/saved-state';
import type { ShownLog } from '../panel/shown-log';
import type { Services } from '../services';
import type { Documents } from '../ui/documents';
import { runRemedy } from '../ui/show';
import { recordedAction, recordedActions } from './actions';
import { timeOf } from './replay';
import type { RunningReplays } from './running';

export interface RecordedApiOptions {
	services: Services;
	documents: Documents;
	engine(): Remote<EngineApi>;
	status(): Status;
	profile: PanelProfile;
	path: string;
	head: RecordingHead | undefined;
	replays: RunningReplays;
	onInit(): void;
}

/** The methods of the panel for a recording: everything that reads. */
export function createRecordedApi(options: RecordedApiOptions): Remote<PanelApi> {
	const { services, documents, engine, status, profile, path, head, replays, onInit } = options;
	/** Of the saved connection with this name: what was recorded without checks can be checked later. */
	const checksOf = () =>
		services.profiles.profiles.find(
			({ profile: { name, protocol } }) => name === head?.connection && protocol === profile.protocol,
		)?.profile.checks;
	const saved = createSavedState(services, profile.id);
	/** What message files and programs call the connection. */
	const log = (): ShownLog => ({ profile: { ...profile, name: head?.connection || profile.name }, engine: engine() });
	const run = async (command: string, argument: unknown) => {
		await vscode.commands.executeCommand(`messagingWorkbench.${command}`, log(), argument);
	};
	const open = () =>
		engine().open({
			profile: { ...profile, values: {}, subscriptions: [], checks: checksOf() ?? [] },
			...{ secrets: {}, limits: defaultLimits, reconnect: false },
		});
	const refuse = async (): Promise<never> => {
		throw fail('recorded', 'This is a recording: nothing can be sent or changed.');
	};
	return {
		async init() {
			onInit();
			await services.profiles.ready;
			const description = describe(profile.protocol);
			if (!description) throw noProfile();
			const actions = recordedActions(services, description, head?.connection);
			return { profile, status: status(), saved: saved.get(), recording: { actions, hasHead: head !== undefined } };
		},
		status: async () => status(),
		...readMethods(engine),
		...{ subscribe: refuse, unsubscribe: refuse, send: refuse, repeat: refuse, clear: refuse },
		...{
			sendFile: refuse,
			clearRetained: refuse,
			editProfile: refuse,
			keepSubscription: refuse,
			addCheck: refuse,
			switchProtocol: refuse,
			recording: refuse,
		},
		...{ draftFile: refuse, copyDraft: refuse },
		messageFile: (messages) => run('newMessageFileFromMessages', messages),
		copyMessage: (seq) => run('copyMessageAs', seq),
		remedy: (failure) => runRemedy(failure),
		...{ pickFile: refuse, pickBytes: refuse, stopRepeat: refuse, cancel: refuse },
		async act(request) {
			const { action, values } = request;
			if (action === recordedAction.replay)
				return replays.run({ path, name: profile.name, protocol: profile.protocol, engine: engine() }, request);
			const from = action === recordedAction.readFrom ? (timeOf(values.from, 'from') ?? 0) : 0;
			const read = action === recordedAction.readNext ? action : recordedAction.readFrom;
			return engine().act({ ...request, action: read, values: { from } });
		},
		stop: (id) => replays.stop(id) ?? engine().stop(id),
		connect: open,
		disconnect: () => engine().close(),
		save: saved.set,
		openInEditor: (seq, decoding, part) => documents.open(engine(), { seq, decoding, part }),
		compare: (left, right, decoding, part) =>
			documents.compare(engine(), { seq: left, decoding, part }, { seq: right, decoding, part }),
		savePayload: (seq, part) => savePayload(engine(), seq, part),
		async draft(seq) {
			const description = describe(profile.protocol);
			if (!description) throw noProfile();
			return loggedDraft(description, await engine().message(seq));
		},
		saveNumbers: (fields) => saveNumbers(engine(), profile.name, fields),
		savePicture: (png) => savePicture(profile.name, png),
		copy: async (text) => vscode.env.clipboard.writeText(text),
		copyMessages: (messages, as) => copyMessages(engine(), profile, messages, as),
		saveMessages: (messages, filter) => saveMessages(engine(), profile, messages, filter),
	};
}
