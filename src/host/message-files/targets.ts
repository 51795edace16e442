import type * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { ConnectionSpec } from '../../files/run/connection';
import type { RequestConnection } from '../../files/run/request-connection';
import type { Profile, Secrets } from '../../model/profile/profile';
import { shownUrl } from '../../model/profile/shown-url';
import { parseUrl, withoutCredentials } from '../../model/profile/url';
import type { ProtocolDescription } from '../../protocols/description';
import { describe, descriptions } from '../../protocols/descriptions';
import { pickConnection } from '../connections/connect';
import type { StoredProfile } from '../profiles/store';
import type { Services } from '../services';

/** Which saved connection or URL a request of a file means. */
export interface Targets {
	/** What the file's requests use where they name nothing: the user's choice, or the only connection there is. */
	chosen(uri: vscode.Uri): StoredProfile | undefined;
	choose(uri: vscode.Uri): Promise<StoredProfile | undefined>;
	/** The saved connection that a request uses; undefined if it names a URL or a connection that does not exist. */
	used(connection: RequestConnection, uri: vscode.Uri): StoredProfile | undefined;
	/** The saved connection of a spec. Throws `unknown-connection`; undefined: it is a URL. */
	stored(spec: ConnectionSpec, uri: vscode.Uri): StoredProfile | undefined;
	describe(spec: ConnectionSpec, uri: vscode.Uri): ProtocolDescription | undefined;
	/** By name, then by id. */
	find(name: string): StoredProfile | undefined;
	names(): string[];
}

const chosenKey = (uri: vscode.Uri) => `files.connection:${uri.toString()}`;

export function createTargets(services: Services): Targets {
	const { profiles, context } = services;

	function find(name: string): StoredProfile | undefined {
		return profiles.profiles.find(({ profile }) => profile.name === name) ?? profiles.find(name);
	}

	function chosen(uri: vscode.Uri): StoredProfile | undefined {
		const id = context.workspaceState.get<string | undefined>(chosenKey(uri), undefined);
		const [only, more] = profiles.profiles;
		return (id === undefined ? undefined : profiles.find(id)) ?? (more ? undefined : only);
	}

	function stored(spec: ConnectionSpec, uri: vscode.Uri): StoredProfile | undefined {
		if (spec.profile === undefined) return spec.url === undefined ? chosen(uri) : undefined;
		const found = find(spec.profile);
		if (!found)
			throw fail('unknown-connection', `There is no connection "${shownUrl(spec.profile)}".`, {
				remedy: { text: 'Add Connection', command: 'messagingWorkbench.addConnection' },
			});
		return found;
	}

	return {
		chosen,
		used(connection, uri) {
			if (connection.kind === 'none') return chosen(uri);
			return connection.kind === 'named' ? find(connection.name) : undefined;
		},
		stored,
		find,
		names: () => profiles.profiles.map(({ profile }) => profile.name),
		async choose(uri) {
			const id = await pickConnection(services, 'Connection for This File', 'any');
			if (id === undefined) return undefined;
			await context.workspaceState.update(chosenKey(uri), id);
			return profiles.find(id);
		},
		describe(spec, uri) {
			if (spec.profile !== undefined) {
				const found = find(spec.profile);
				return found && describe(found.profile.protocol);
			}
			if (spec.url === undefined) {
				const found = chosen(uri);
				if (found) return describe(found.profile.protocol);
			}
			if (spec.protocol !== undefined) return describe(spec.protocol);
			const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(spec.url ?? '')?.[1]?.toLowerCase();
			return descriptions.find(({ schemes }) => schemes.some((one) => one.scheme === scheme));
		},
	};
}

let count = 0;

/** A URL as a connection of its own; user and password leave it at once. */
export function profileOfUrl(url: string, description: ProtocolDescription): { profile: Profile; secrets: Secrets } {
	const { credentials } = parseUrl(url, description.schemes);
	const clean = withoutCredentials(url);
	const profile: Profile = {
		id: `file:${++count}`,
		name: clean,
		protocol: description.id,
		url: clean,
		...(credentials && { username: credentials.username }),
	};
	return { profile, secrets: credentials?.password === undefined ? {} : { password: credentials.password } };
}

/** An id for a session that is a request's own. */
export const ownId = () => `file:${++count}`;
