import * as vscode from 'vscode';
import { fail } from '../base/failure';
import type { Profile } from '../model/profile';
import { type Resolved, resolveProfile, risksOf, secretFields } from '../model/resolve';
import type { Limits, OpenRequest } from '../model/session';
import type { Variables } from '../model/variables';
import type { ProtocolDescription } from '../protocols/description';
import { describe } from '../protocols/descriptions';
import type { Approvals } from './approvals';
import type { Scope } from './profiles/sources';
import type { StoredProfile } from './profiles/store';
import type { SecretOwner, SecretStore } from './secrets';
import { environmentVariable, requireTrust } from './trust';

export { requireTrust };

/** Everything between a saved profile and what the engine is given. */
export interface Connecting {
	/** Throws why the profile cannot connect as it stands. */
	resolve(profile: Profile, folder?: vscode.WorkspaceFolder): { resolved: Resolved; description: ProtocolDescription };
	owner(profile: Profile, folder?: vscode.WorkspaceFolder): SecretOwner;
	/**
	 * Checks trust, resolves, asks for approval and for missing secrets. Undefined if the user turned one down.
	 * Throws one Failure that names what is wrong.
	 */
	request(profile: Profile, scope: Scope, folder: vscode.WorkspaceFolder | undefined): Promise<OpenRequest | undefined>;
}

export function createConnecting(secrets: SecretStore, approvals: Approvals, limits: () => Limits): Connecting {
	function resolve(profile: Profile, folder?: vscode.WorkspaceFolder) {
		const description = describe(profile.protocol);
		if (!description) throw fail('unknown-protocol', `The protocol "${profile.protocol}" is not known here.`);
		return { resolved: resolveProfile(profile, description, variablesOf(folder)), description };
	}

	function owner(profile: Profile, folder?: vscode.WorkspaceFolder): SecretOwner {
		return { id: profile.id, name: profile.name, origin: resolve(profile, folder).resolved.origin };
	}

	return {
		resolve,
		owner,
		async request(profile, scope, folder) {
			requireTrust();
			const { resolved, description } = resolve(profile, folder);
			const { origin, profile: ready } = resolved;
			const risks = scope === 'workspace' ? risksOf(profile, resolved, description) : [];
			if (!(await approvals.ensure(profile, origin, risks))) return undefined;
			const needed = Array.isArray(profile.secrets) ? (profile.secrets as string[]) : [];
			const values = await secrets.collect(
				{ id: profile.id, name: profile.name, origin },
				secretFields(resolved, description),
				needed,
			);
			if (!values) return undefined;
			const { maxMessageBytes, reconnect } = ready.values;
			return {
				profile: ready,
				secrets: values,
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
