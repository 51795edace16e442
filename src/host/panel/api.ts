import * as vscode from 'vscode';
import { type Failure, fail } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import { actChecks, type EngineApi, readChecks } from '../../model/contracts/engine-api';
import type { Draft } from '../../model/contracts/message';
import type { PanelApi, PanelProfile } from '../../model/contracts/panel-api';
import type { Profile } from '../../model/profile/profile';
import { actAsking, subscribeAsking } from '../actions/run-action';
import { connectProfile, disconnectProfile } from '../connections/connect';
import { requireTrust } from '../connections/connection-request';
import { confirmProduction } from '../connections/production';
import { clearRetained } from '../connections/retained';
import { idleStatus } from '../connections/sessions';
import { keepSubscription as setSubscription } from '../profiles/subscriptions';
import type { Services } from '../services';
import type { Documents } from '../ui/documents';
import { runRemedy } from '../ui/show';
import { createPickedFiles, savePayload } from './files';

/** Characters of JSON that a panel may keep. */
const mostKept = 4 * 1024 * 1024;

export const savedKey = (id: string) => `panel:${id}`;

/**
 * What a panel may call: reading and most acting goes straight through to the engine; what may need a question first is
 * asked here; the rest is the editor's.
 */
export function createPanelApi(services: Services, documents: Documents, id: string, onInit: () => void): PanelApi {
	const { profiles, sessions, context } = services;
	const files = createPickedFiles();

	function need() {
		const stored = profiles.find(id);
		if (!stored) throw fail('no-profile', 'This connection is not in the settings any more.');
		return stored;
	}

	const session = () => sessions.of(id, need().profile.protocol);
	const engine = () => session().engine();
	const status = () => sessions.get(id)?.status ?? idleStatus;

	const run = (command: string, argument: unknown) =>
		vscode.commands.executeCommand(`messagingWorkbench.${command}`, id, argument);

	return {
		...passThrough(engine, (draft, often) => confirmProduction(need().profile, draft, often)),
		// The page cannot skip the questions: these two go through the host's asking.
		subscribe: (subscription) => subscribeAsking(services, id, subscription),
		act: (request) => actAsking(services, documents, id, request),
		status,
		async init() {
			await profiles.ready;
			const { profile } = need();
			onInit();
			return {
				profile: panelProfile(profile, services.log.redact),
				status: status(),
				saved: context.workspaceState.get(savedKey(id)),
			};
		},
		connect: async () => void (await connectProfile(services, id)),
		disconnect: () => disconnectProfile(services, id),
		editProfile: async () => void (await vscode.commands.executeCommand('messagingWorkbench.editConnection', id)),
		async save(state) {
			const size = JSON.stringify(state)?.length ?? 0;
			if (size > mostKept) throw fail('too-large', `The panel's state has ${size} characters; ${mostKept} are kept.`);
			await context.workspaceState.update(savedKey(id), state);
		},
		openInEditor: (seq, decoding) => documents.open(engine(), seq, decoding),
		compare: (left, right, decoding) => documents.compare(engine(), left, right, decoding),
		savePayload: (seq) => savePayload(engine(), seq),
		copy: async (text) => vscode.env.clipboard.writeText(text),
		pickFile: () => files.pick(),
		async sendFile(draft, token) {
			requireTrust();
			const { verb, target } = draft;
			await confirmProduction(need().profile, { verb, target });
			return files.send(engine(), draft, token);
		},
		clearRetained: (path) => clearRetained(services, id, path),
		messageFile: async (messages) => void (await run('newMessageFileFromMessages', messages)),
		draftFile: async (draft) => void (await run('newMessageFileFromDraft', draft)),
		copyDraft: async (draft) => void (await run('copyDraftAs', draft)),
		copyMessage: async (seq) => void (await run('copyMessageAs', seq)),
		async keepSubscription(target, keep, mode) {
			const state = status().subscriptions.find(
				({ subscription }) => subscription.target === target && subscription.mode === mode,
			);
			const subscription = state?.subscription ?? { target, ...(mode && { mode }) };
			await setSubscription(profiles, id, subscription, keep);
		},
		remedy: (failure) => runRemedy(failure as Failure, id),
	};
}

/** What the page may know of a profile. */
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

type Through = Omit<EngineApi, 'open' | 'test' | 'close' | 'follow' | 'message' | 'subscribe' | 'act'>;

/** The engine checks arguments again; here only the names are fixed. */
function passThrough(
	engine: () => Remote<EngineApi>,
	confirm: (draft: Draft, often?: string) => Promise<void>,
): Through {
	const asking: readonly string[] = ['subscribe', 'act'];
	const names = [...Object.keys(readChecks), ...Object.keys(actChecks)].filter(
		(name) => !asking.includes(name),
	) as (keyof Through)[];
	const call = (name: keyof Through) => {
		return async (...args: unknown[]) => {
			if (name in actChecks && name !== 'clear') requireTrust();
			if (name === 'send') await confirm(args[0] as Draft);
			if (name === 'repeat') await confirm(args[0] as Draft, ` · again every ${args[1]} ms`);
			return (engine()[name] as (...args: unknown[]) => Promise<unknown>)(...args);
		};
	};
	return Object.fromEntries(names.map((name) => [name, call(name)])) as unknown as Through;
}
