import type * as vscode from 'vscode';
import { fieldsOf } from '../../model/profile/fields';
import type { Profile } from '../../model/profile/profile';
import { describe } from '../../protocols/descriptions';
import type { SecretOwner } from '../connections/secrets';
import { unknownSecret } from '../failures';
import type { Services } from '../services';

/**
 * Secrets of a connection while it is being edited. The page receives only their names. The profile lists the secrets that
 * it needs, so that another machine can ask for them.
 */
export interface FormSecrets {
	stored(profile: Record<string, unknown>): string[];
	ask(profile: Record<string, unknown>, key: string): Promise<boolean>;
	clear(profile: Record<string, unknown>, key: string): Promise<boolean>;
	/** Returns the profile with an updated list of the secrets that it needs. */
	mark(profile: Record<string, unknown>): Record<string, unknown>;
	/** Moves the secrets of a new connection to its real id. */
	moveTo(profile: Profile): Promise<void>;
}

export function createFormSecrets(
	{ connecting, secrets }: Pick<Services, 'connecting' | 'secrets'>,
	draftId: string,
	folder: vscode.WorkspaceFolder | undefined,
): FormSecrets {
	const cleared = new Set<string>();

	/** Throws while the URL is invalid, because a secret is bound to its origin. */
	function owner(profile: Record<string, unknown>): SecretOwner {
		const name = typeof profile.name === 'string' && profile.name ? profile.name : 'new connection';
		// Only the URL determines the origin. Other fields can still be incomplete.
		const bare = { id: draftId, name, protocol: String(profile.protocol), url: String(profile.url ?? '') };
		return connecting.owner(bare, folder);
	}

	function field(profile: Record<string, unknown>, key: string) {
		const description = describe(String(profile.protocol));
		const secret = description && fieldsOf(description).find((field) => field.key === key && field.type === 'secret');
		if (!secret) throw unknownSecret(key);
		return secret;
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
			const done = await secrets.ask(owner(profile), field(profile, key), 'Enter the value.');
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
			const before = Array.isArray(profile.secrets) ? profile.secrets.filter((name) => typeof name === 'string') : [];
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
