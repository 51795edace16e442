import * as vscode from 'vscode';
import { localPort, type PlaygroundConnection, type PlaygroundServer } from '../../model/contracts/playground';
import { idFor } from '../../model/contracts/settings';
import { describe } from '../../protocols/descriptions';
import type { StoredProfile } from '../profiles/store';
import type { Services } from '../services';
import type { Scope } from '../settings/sources';

type Listed = Pick<Services, 'profiles'>;

/** The first listed connection to the server that this one is made for. */
export function listedAt({ profiles }: Listed, { profile }: PlaygroundConnection): StoredProfile | undefined {
	const wanted = localPort(profile.url);
	return profiles.profiles.find((stored) => {
		const found = localPort(stored.profile.url);
		const { protocol } = stored.profile;
		return protocol === profile.protocol && found?.scheme === wanted?.scheme && found?.port === wanted?.port;
	});
}

/** Id of the existing connection with this URL, or of a new one. */
export async function addConnection({ profiles }: Listed, { profile }: PlaygroundConnection): Promise<string> {
	const same = ({ protocol, url }: { protocol: string; url: string }) =>
		JSON.stringify([protocol, url.replace(/(?<=:\/\/)localhost(?=[:/])/i, '127.0.0.1')]);
	const existing = profiles.profiles.find((stored) => same(stored.profile) === same(profile));
	if (existing) return existing.profile.id;
	const id = idFor(profile.name, profiles.ids());
	const scope: Scope = (vscode.workspace.workspaceFolders ?? []).length > 0 ? 'workspace' : 'user';
	await profiles.add({ id, ...profile }, scope);
	return id;
}

/** Connections of the servers that run or start, as far as their protocol is known. */
export function usableConnections(servers: readonly PlaygroundServer[]): PlaygroundConnection[] {
	return servers
		.filter(({ state }) => state === 'open' || state === 'starting')
		.flatMap(({ connections }) => connections)
		.filter(({ profile }) => describe(profile.protocol) !== undefined);
}

/**
 * Stores the passwords of the playground's accounts for listed connections to them, so that they are not asked for: also of a
 * missing server, in place of which compose.yaml may have started one with the same accounts.
 */
export async function storePasswords(
	{ profiles, secrets, connecting }: Pick<Services, 'profiles' | 'secrets' | 'connecting'>,
	servers: readonly PlaygroundServer[],
): Promise<void> {
	for (const { port, connections } of servers)
		for (const { profile: account, password } of connections) {
			if (password === undefined) continue;
			for (const { profile, source } of profiles.profiles) {
				const isSame = profile.protocol === account.protocol && profile.username === account.username;
				if (!isSame || localPort(profile.url)?.port !== port) continue;
				const owner = connecting.owner(profile, source.folder);
				if (!secrets.stored(owner).includes('password')) await secrets.set(owner, 'password', password);
			}
		}
}
