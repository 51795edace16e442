import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import { loggedDraft } from '../../lines/draft';
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
import type { Services } from '../services';
import type { Documents } from '../ui/documents';

export interface RecordedApiOptions {
	services: Services;
	documents: Documents;
	engine(): Remote<EngineApi>;
	status(): Status;
	profile: PanelProfile;
	/** The name of the connection that was recorded. */
	connection: string | undefined;
	onInit(): void;
}

/** The methods of the panel for a recording: everything that reads. */
export function createRecordedApi(options: RecordedApiOptions): Remote<PanelApi> {
	const { services, documents, engine, status, profile, connection, onInit } = options;
	/** Of the saved connection with this name: what was recorded without checks can be checked later. */
	const checksOf = () =>
		services.profiles.profiles.find(
			({ profile: { name, protocol } }) => name === connection && protocol === profile.protocol,
		)?.profile.checks;
	const saved = createSavedState(services, profile.id);
	const refuse = async (): Promise<never> => {
		throw fail('recorded', 'This is a recording: nothing can be sent or changed.');
	};
	return {
		async init() {
			onInit();
			return { profile, status: status(), saved: saved.get(), recording: true };
		},
		status: async () => status(),
		...readMethods(engine),
		...{ subscribe: refuse, unsubscribe: refuse, send: refuse, repeat: refuse, act: refuse, clear: refuse },
		...{
			sendFile: refuse,
			clearRetained: refuse,
			editProfile: refuse,
			keepSubscription: refuse,
			switchProtocol: refuse,
			recording: refuse,
		},
		...{ draftFile: refuse, copyDraft: refuse, messageFile: refuse, copyMessage: refuse, remedy: refuse },
		...{ pickFile: refuse, pickBytes: refuse, stopRepeat: refuse, cancel: refuse },
		stop: (id) => engine().stop(id),
		connect: () =>
			engine().open({
				profile: { ...profile, values: {}, subscriptions: [], checks: checksOf() ?? [] },
				...{ secrets: {}, limits: defaultLimits, reconnect: false },
			}),
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
