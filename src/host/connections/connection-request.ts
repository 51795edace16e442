import * as vscode from 'vscode';
import type { Limits, OpenRequest } from '../../model/contracts/session';
import type { Values } from '../../model/profile/field';
import type { Profile } from '../../model/profile/profile';
import { type Resolved, resolveProfile, risksOf, secretFields } from '../../model/profile/resolve';
import { parseSize } from '../../model/profile/size';
import type { Variables } from '../../model/profile/variables';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import { unknownProtocol } from '../failures';
import type { Scope } from '../settings/sources';
import { environmentVariable, requireTrust } from '../trust';
import type { Approvals } from './approvals';
import type { SecretOwner, SecretStore } from './secrets';

/** What the user has just done in another place. */
export interface Done {
	/** Keys of fields that were approved there. */
	approved?: readonly string[];
	/** Keys of secrets that were typed there. The caller adds them to the request. */
	typed?: readonly string[];
}

/** Turns a saved profile into the request with which an engine connects. */
export interface Connecting {
	/** Replaces variables and fills in defaults. Throws the reason if the profile cannot connect. */
	resolve(profile: Profile, folder?: vscode.WorkspaceFolder): { resolved: Resolved; description: ProtocolDescription };
	owner(profile: Profile, folder?: vscode.WorkspaceFolder): SecretOwner;
	/**
	 * Checks trust, resolves the profile, and asks for approval and for missing secrets. Undefined if the user cancelled.
	 * Throws the reason if the profile cannot connect. The scope `url` marks a connection that a message file describes
	 * itself: it has no stored secrets, and `${…}` in it is literal. `values` are set by a message file in a saved profile
	 * and need the same approval as the settings of a workspace. `done`: what needs no further question.
	 */
	request(
		profile: Profile,
		scope: Scope | 'url',
		folder: vscode.WorkspaceFolder | undefined,
		values?: Values,
		done?: Done,
	): Promise<OpenRequest | undefined>;
}

/** `historyFolder`: for the recordings of a profile that is saved in this scope. */
export function createConnecting(
	secrets: SecretStore,
	approvals: Approvals,
	limits: () => Limits,
	historyFolder: (id: string, scope: Scope) => string,
): Connecting {
	function resolveWith(profile: Profile, variables: Variables | undefined) {
		const description = describe(profile.protocol);
		if (!description) throw unknownProtocol(profile.protocol);
		return { resolved: resolveProfile(profile, description, variables), description };
	}
	const resolve = (profile: Profile, folder?: vscode.WorkspaceFolder) => resolveWith(profile, variablesOf(folder));

	function owner(profile: Profile, folder?: vscode.WorkspaceFolder): SecretOwner {
		return { id: profile.id, name: profile.name, origin: resolve(profile, folder).resolved.origin };
	}

	return {
		resolve,
		owner,
		async request(profile, scope, folder, values = {}, { approved, typed = [] } = {}) {
			requireTrust();
			const { resolved, description } = resolveWith(profile, scope === 'url' ? undefined : variablesOf(folder));
			const { origin } = resolved;
			const ready = { ...resolved.profile, values: { ...resolved.profile.values, ...values } };
			const fromWorkspace = (key: string) => scope === 'workspace' || (scope === 'user' && Object.hasOwn(values, key));
			const risks = risksOf(profile, { ...resolved, profile: ready }, description).filter(({ key }) =>
				fromWorkspace(key),
			);
			if (!(await approvals.ensure(profile, origin, risks, approved))) return undefined;
			const listed = Array.isArray(profile.secrets) ? (profile.secrets as string[]) : [];
			// The URL of a message file brings its own secrets.
			const own = scope === 'url' ? undefined : description.secretNeeded?.(ready);
			const needed = [...listed, ...(own === undefined ? [] : [own])].filter((key) => !typed.includes(key));
			const found = await secrets.collect(
				{ id: profile.id, name: profile.name, origin },
				secretFields(resolved, description),
				needed,
			);
			if (!found) return undefined;
			const { maxMessageBytes, reconnect } = ready.values;
			const keep = scope === 'url' ? undefined : parseSize(ready.values['record.keep']);
			return {
				profile: ready,
				secrets: found,
				limits: {
					...limits(),
					...(typeof maxMessageBytes === 'number' ? { messageBytes: maxMessageBytes } : {}),
				},
				reconnect: reconnect !== false,
				...(keep !== undefined &&
					scope !== 'url' && {
						history: { keep, folder: historyFolder(profile.id, scope), connection: profile.name, url: ready.url },
					}),
			};
		},
	};
}

/** Variables of the machine on which the extension runs, because the connection starts there. */
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
