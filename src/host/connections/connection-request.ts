import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { Limits, OpenRequest } from '../../model/contracts/session';
import type { Values } from '../../model/profile/field';
import type { Profile } from '../../model/profile/profile';
import { type Resolved, resolveProfile, risksOf, secretFields } from '../../model/profile/resolve';
import type { Variables } from '../../model/profile/variables';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import type { StoredProfile } from '../profiles/store';
import type { Scope } from '../settings/sources';
import { environmentVariable, requireTrust } from '../trust';
import type { Approvals } from './approvals';
import type { SecretOwner, SecretStore } from './secrets';

export { requireTrust };

/** Everything between a saved profile and what the engine is given. */
export interface Connecting {
	/** Throws why the profile cannot connect as it stands. */
	resolve(profile: Profile, folder?: vscode.WorkspaceFolder): { resolved: Resolved; description: ProtocolDescription };
	owner(profile: Profile, folder?: vscode.WorkspaceFolder): SecretOwner;
	/**
	 * Checks trust, resolves, asks for approval and for missing secrets. Undefined if the user turned one down.
	 * Throws one Failure that names what is wrong. The scope `url` is a connection that a message file itself describes:
	 * it has no stored secrets, and `${…}` in it stands for itself. `values`: what a message file sets in a saved
	 * profile, which needs the same approval as the settings of a workspace.
	 */
	request(
		profile: Profile,
		scope: Scope | 'url',
		folder: vscode.WorkspaceFolder | undefined,
		values?: Values,
	): Promise<OpenRequest | undefined>;
}

export function createConnecting(secrets: SecretStore, approvals: Approvals, limits: () => Limits): Connecting {
	function resolveWith(profile: Profile, variables: Variables | undefined) {
		const description = describe(profile.protocol);
		if (!description) throw fail('unknown-protocol', `The protocol "${profile.protocol}" is not known here.`);
		return { resolved: resolveProfile(profile, description, variables), description };
	}
	const resolve = (profile: Profile, folder?: vscode.WorkspaceFolder) => resolveWith(profile, variablesOf(folder));

	function owner(profile: Profile, folder?: vscode.WorkspaceFolder): SecretOwner {
		return { id: profile.id, name: profile.name, origin: resolve(profile, folder).resolved.origin };
	}

	return {
		resolve,
		owner,
		async request(profile, scope, folder, values = {}) {
			requireTrust();
			const { resolved, description } = resolveWith(profile, scope === 'url' ? undefined : variablesOf(folder));
			const { origin } = resolved;
			const ready = { ...resolved.profile, values: { ...resolved.profile.values, ...values } };
			const fromWorkspace = (key: string) => scope === 'workspace' || (scope === 'user' && Object.hasOwn(values, key));
			const risks = risksOf(profile, { ...resolved, profile: ready }, description).filter(({ key }) =>
				fromWorkspace(key),
			);
			if (!(await approvals.ensure(profile, origin, risks))) return undefined;
			const needed = Array.isArray(profile.secrets) ? (profile.secrets as string[]) : [];
			const found = await secrets.collect(
				{ id: profile.id, name: profile.name, origin },
				secretFields(resolved, description),
				needed,
			);
			if (!found) return undefined;
			const { maxMessageBytes, reconnect } = ready.values;
			return {
				profile: ready,
				secrets: found,
				limits: {
					...limits(),
					...(typeof maxMessageBytes === 'number' ? { messageBytes: maxMessageBytes } : {}),
				},
				reconnect: reconnect !== false,
			};
		},
	};
}

export const folderOf = ({ source }: StoredProfile) => source.folder;

/** Variables as they are where the extension runs, which is where the connection is made from. */
export function variablesOf(folder: vscode.WorkspaceFolder | undefined): Variables {
	const folders = vscode.workspace.workspaceFolders ?? [];
	return {
		env: environmentVariable,
		workspaceFolder: (name) => {
			const found = name === undefined ? (folder ?? folders[0]) : folders.find((one) => one.name === name);
			return found && (found.uri.scheme === 'file' ? found.uri.fsPath : found.uri.path);
		},
	};
}
