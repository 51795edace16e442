import * as vscode from 'vscode';
import type { Remote } from '../../base/rpc';
import { loggedDraft } from '../../lines/draft';
import type { PanelApi, PanelProfile, RecordingCommand } from '../../model/contracts/panel-api';
import type { Profile } from '../../model/profile/profile';
import { describe } from '../../protocols/descriptions';
import { actAsking, requireNotHeld, subscribeAsking } from '../actions/run-action';
import { confirmProduction } from '../connections/confirm';
import { connectProfile, disconnectProfile } from '../connections/connect';
import { clearRetained } from '../connections/retained';
import { idleStatus } from '../connections/sessions';
import { switchProtocol } from '../connections/switch-protocol';
import { noProfile } from '../failures';
import { addCheck, keepSubscription } from '../profiles/additions';
import { storedProfile } from '../profiles/store';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import type { Documents } from '../ui/documents';
import { runRemedy } from '../ui/show';
import { saveNumbers, savePicture } from './chart-files';
import { copyMessages, saveMessages } from './export';
import { createPickedFiles, savePayload } from './files';
import { readMethods } from './reading';
import { createSavedState } from './saved-state';

/**
 * The methods that a panel can call. Reading passes through to the engine. Acting requires a trusted workspace, and the
 * user is asked here for the confirmations that the page must not be able to skip. The engine checks arguments again.
 */
export function createPanelApi(
	services: Services,
	documents: Documents,
	id: string,
	onInit: () => void,
): Remote<PanelApi> {
	const { profiles, sessions } = services;
	const files = createPickedFiles();
	const saved = createSavedState(services, id);
	const profileOf = () => storedProfile(profiles, id).profile;
	const engine = () => sessions.of(id, profileOf().protocol).engine();
	const trusted = () => {
		requireTrust();
		return engine();
	};
	const currentStatus = () => sessions.get(id)?.status ?? idleStatus;
	const run = async (command: string, argument?: unknown) => {
		await vscode.commands.executeCommand(`messagingWorkbench.${command}`, id, argument);
	};

	return {
		async init() {
			await profiles.ready;
			const profile = panelProfile(profileOf(), services.log.redact);
			onInit();
			const ended = services.reopening.ended.includes(id);
			const recorded = ended ? await services.recordings.before(id) : undefined;
			return { profile, status: currentStatus(), saved: saved.get(), ended, ...(recorded && { recorded }) };
		},

		status: async () => currentStatus(),
		...readMethods(engine),

		subscribe: (subscription) => subscribeAsking(services, id, subscription),
		unsubscribe: async (subscription) => {
			requireNotHeld(services, id, subscription);
			await trusted().unsubscribe(subscription);
		},
		async send(draft) {
			requireTrust();
			await confirmProduction(profileOf(), draft);
			return engine().send(draft);
		},
		async repeat(draft, everyMs) {
			requireTrust();
			await confirmProduction(profileOf(), draft, ` · again every ${everyMs} ms`);
			return engine().repeat(draft, everyMs);
		},
		stopRepeat: async (repeat) => trusted().stopRepeat(repeat),
		cancel: async (seq) => trusted().cancel(seq),
		act: (request) => actAsking(services, documents, id, request),
		stop: async (action) => trusted().stop(action),
		clear: async () => engine().clear(),
		async sendFile(draft, token) {
			requireTrust();
			const { verb, target } = draft;
			await confirmProduction(profileOf(), { verb, target });
			return files.send(engine(), draft, token);
		},
		clearRetained: (path) => clearRetained(services, id, path),

		connect: async () => void (await connectProfile(services, id)),
		disconnect: () => disconnectProfile(services, id),
		editProfile: () => run('editConnection'),
		keepSubscription: (subscription, keep) => keepSubscription(profiles, id, subscription, keep),
		addCheck: (check) => addCheck(profiles, id, check),

		save: saved.set,
		openInEditor: async (seq, decoding, part) => documents.open(engine(), { seq, decoding, part }),
		compare: async (left, right, decoding, part) =>
			documents.compare(engine(), { seq: left, decoding, part }, { seq: right, decoding, part }),
		savePayload: async (seq, part) => savePayload(engine(), seq, part),
		async draft(seq) {
			const description = describe(profileOf().protocol);
			if (!description) throw noProfile();
			return loggedDraft(description, await engine().message(seq));
		},
		saveNumbers: async (fields) => saveNumbers(engine(), profileOf().name, fields),
		savePicture: async (png) => savePicture(profileOf().name, png),
		copy: async (text) => vscode.env.clipboard.writeText(text),
		copyMessages: async (messages, as) => copyMessages(engine(), profileOf(), messages, as),
		saveMessages: async (messages, filter) => saveMessages(engine(), profileOf(), messages, filter),
		pickFile: () => files.pick(),
		pickBytes: () => files.read(),
		messageFile: (messages) => run('newMessageFileFromMessages', messages),
		draftFile: (draft) => run('newMessageFileFromDraft', draft),
		copyDraft: (draft) => run('copyDraftAs', draft),
		copyMessage: (seq) => run('copyMessageAs', seq),
		async switchProtocol(protocol) {
			requireTrust();
			await switchProtocol(services, id, protocol);
			await connectProfile(services, id);
		},
		recording: (command) => run(recordingCommand[command]),
		remedy: (failure) => runRemedy(failure, id),
	};
}

const recordingCommand: Record<RecordingCommand, string> = {
	start: 'startRecording',
	stop: 'stopRecording',
	open: 'openEndedRecording',
	history: 'openHistory',
};

/** The part of a profile that a page receives. */
export function panelProfile(profile: Profile, redact: (text: string) => string): PanelProfile {
	const { id, name, protocol, url, color } = profile;
	return {
		id,
		name,
		protocol,
		url: redact(url),
		...(typeof color === 'string' ? { color } : {}),
		...(profile.production ? { production: true } : {}),
	};
}
