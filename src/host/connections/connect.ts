import * as vscode from 'vscode';
import { type Failure, FailureError, toFailure } from '../../base/failure';
import { certificatePin } from '../../model/profile/fields';
import { urlWithLookupName } from '../../model/profile/url';
import { describe } from '../../protocols/descriptions';
import { notOpen } from '../failures';
import type { Services } from '../services';
import { notify } from '../ui/notify';
import { pickOne } from '../ui/prompt';
import { isCancelled, showFailure } from '../ui/show';
import { canTrust, offerTrust } from './certificates';
import { offerSwitch, otherProtocol } from './switch-protocol';

/**
 * Connects one profile and shows a failure. Resolves with true if the connection is open. `approved`: keys of fields that the
 * user has just set, which need no further approval.
 */
export async function connectProfile(
	services: Services,
	id: string,
	approved: readonly string[] = [],
): Promise<boolean> {
	const { profiles, connecting, sessions, reopening, playground, log } = services;
	const stored = profiles.find(id);
	if (!stored) return false;
	const { profile, source } = stored;
	const state = sessions.get(id)?.status.state.kind;
	if (state === 'open') return true;
	if (state === 'connecting' || state === 'closing') return false;
	// An attempt in place of the next retry: panel and sidebar already show why the connection is lost.
	const quiet = state === 'retrying';
	try {
		const request = await connecting.request(profile, source.scope, source.folder, {}, { approved });
		if (!request) return false;
		log.info(`Connecting ${profile.name} to ${connecting.owner(profile, source.folder).origin}`);
		await sessions.open(reopening.restored(request));
		log.info(`Connected ${profile.name}`);
		return true;
	} catch (error) {
		const failure = toFailure(error);
		if (quiet || isCancelled(failure)) return false;
		if (canTrust(failure, profile.protocol)) {
			void offerTrust(services, profile, error).then((done) => {
				if (done) void connectProfile(services, id, [certificatePin]);
			});
			return false;
		}
		if (otherProtocol(failure, profile.protocol)) {
			void offerSwitch(services, profile, error).then((done) => {
				if (done) void connectProfile(services, id);
			});
			return false;
		}
		const remedy = { text: 'Enter Password…', command: 'messagingWorkbench.enterSecret' } as const;
		const shown = signInRefused(failure)
			? new FailureError({ ...failure, remedy })
			: playground.explained(error, profile.url);
		void showFailure(log, profile.name, shown, id);
		return false;
	}
}

/** The peer refused the credentials, according to the adapter or to the status of the HTTP upgrade. */
function signInRefused({ code, evidence }: Failure): boolean {
	return code === 'credentials-refused' || (code === 'upgrade-refused' && /\b401\b/.test(evidence ?? ''));
}

export async function disconnectProfile(
	{ sessions, profiles, log }: Pick<Services, 'sessions' | 'profiles' | 'log'>,
	id: string,
): Promise<void> {
	await sessions.close(id);
	log.info(`Disconnected ${profiles.find(id)?.profile.name ?? id}`);
}

/** Profile, description and engine of a connection. Throws `not-open`. */
export function openConnection({ profiles, sessions }: Pick<Services, 'profiles' | 'sessions'>, id: string) {
	const profile = profiles.find(id)?.profile;
	const description = profile && describe(profile.protocol);
	const session = sessions.get(id);
	if (!description || session?.status.state.kind !== 'open') throw notOpen();
	return { profile, description, engine: session.engine() };
}

/** Profiles whose connection is open. */
export function openConnections({ profiles, sessions }: Pick<Services, 'profiles' | 'sessions'>) {
	return profiles.profiles.filter(({ profile }) => sessions.get(profile.id)?.status.state.kind === 'open');
}

/**
 * Lets the user choose a connection and resolves with its id. With `open` only open ones are offered, and a single one is
 * taken without a question; with `connect` the chosen one is connected first.
 */
export async function pickConnection(
	services: Services,
	title: string,
	which: 'open' | 'any' | 'connect',
): Promise<string | undefined> {
	const { profiles, sessions } = services;
	const open = (id: string) => sessions.get(id)?.status.state.kind === 'open';
	const list = profiles.profiles
		.filter(({ profile }) => which !== 'open' || open(profile.id))
		.sort((a, b) => Number(open(b.profile.id)) - Number(open(a.profile.id)));
	if (list.length === 0) {
		const add = 'Add Connection';
		const choice = await notify('information', 'There is no connection yet.', add);
		if (choice === add) await vscode.commands.executeCommand('messagingWorkbench.addConnection');
		return undefined;
	}
	const items = list.map(({ profile }) => ({
		id: profile.id,
		label: profile.name,
		icon: open(profile.id) ? 'pass-filled' : 'circle-large-outline',
		...(profile.production ? { mark: { icon: 'flame', text: 'production' } } : {}),
		description: services.log.redact(urlWithLookupName(profile.url)),
	}));
	const only = which === 'open' && items.length === 1 ? items[0] : undefined;
	const choice = only ?? (await pickOne(items, { title, matchOnDescription: true }));
	if (!choice) return undefined;
	if (which === 'connect' && !open(choice.id) && !(await connectProfile(services, choice.id))) return undefined;
	return choice.id;
}
