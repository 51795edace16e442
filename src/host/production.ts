import * as vscode from 'vscode';
import { fail } from '../base/failure';
import type { Profile } from '../model/profile';

/** Ids of connections that the user lets send without being asked again, until the window is closed. */
const allowed = new Set<string>();

/** Asks before anything is sent to what is marked as production. Throws `cancelled` if the user turns it down. */
export async function confirmProduction(profile: Pick<Profile, 'id' | 'name' | 'production'>) {
	if (profile.production !== true || allowed.has(profile.id)) return;
	const send = 'Send';
	const always = 'Send, and Do Not Ask Again in This Window';
	const choice = await vscode.window.showWarningMessage(
		`“${profile.name}” is marked as production. Send to it?`,
		{ modal: true },
		send,
		always,
	);
	if (choice === always) allowed.add(profile.id);
	else if (choice !== send) throw fail('cancelled', `Nothing was sent to “${profile.name}”.`);
}
