import type * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { fieldsOf } from '../../model/profile/fields';
import type { Profile } from '../../model/profile/profile';
import { describe } from '../../protocols/descriptions';
import type { SecretOwner } from '../connections/secrets';
import type { Services } from '../services';

/**
 * Secrets while a connection is being edited. The page sees only which ones are stored; the profile's `secrets` names
 * those that it needs, so that another machine knows what to ask for.
 */
export interface FormSecrets {
	stored(profile: Record<string, unknown>): string[];
	ask(profile: Record<string, unknown>, key: string): Promise<boolean>;
	clear(profile: Record<string, unknown>, key: string): Promise<boolean>;
	/** The profile with the names of its secrets brought up to date. */
	mark(profile: Record<string, unknown>): Record<string, unknown>;
	/** Binds what was entered for a new connection to its id. */
	moveTo(profile: Profile): Promise<void>;
}

export function createFormSecrets(
	{ connecting, secrets }: Services,
	draftId: string,
	folder: vscode.WorkspaceFolder | undefined,
): FormSecrets {
	const cleared = new Set<string>();

	/** Throws while the URL is not valid: a secret is bound to where it may be sent. */
	function owner(profile: Record<string, unknown>): SecretOwner {
		const name = typeof profile.name === 'string' && profile.name ? profile.name : 'new connection';
		// Only the URL counts for the origin: other fields may still be half typed.
		const bare = { id: draftId, name, protocol: String(profile.protocol), url: String(profile.url ?? '') };
		return connecting.owner(bare, folder);
	}

	function field(profile: Record<string, unknown>, key: string) {
		const description = describe(String(profile.protocol));
		const found = description && fieldsOf(description).find((one) => one.key === key && one.type === 'secret');
		if (!found) throw fail('no-field', `There is no secret "${key}" for this protocol.`);
		return found;
	}

	function stored(profile: Record<string, unknown>): string[] {
		try {
			return secrets.stored(owner(profile));
		} catch {
			return [];
		}
	}

	return {
		stored,
		async ask(profile, key) {
			const done = await secrets.ask(owner(profile), field(profile, key), 'Enter it here.');
			if (done) cleared.delete(key);
			return done || stored(profile).includes(key);
		},
		async clear(profile, key) {
			field(profile, key);
			await secrets.remove(owner(profile), key);
			cleared.add(key);
			return false;
		},
		mark(profile) {
			const before = Array.isArray(profile.secrets) ? profile.secrets.filter((one) => typeof one === 'string') : [];
			const names = [...new Set([...before, ...stored(profile)])].filter((key) => !cleared.has(key));
			const { secrets: _, ...rest } = profile;
			return names.length > 0 ? { ...rest, secrets: names } : rest;
		},
		async moveTo(profile) {
			const from = owner(profile);
			for (const key of secrets.stored(from)) {
				const value = await secrets.get(from, key);
				if (value !== undefined) await secrets.set({ ...from, id: profile.id }, key, value);
			}
			await secrets.removeAll(draftId);
		},
	};
}
