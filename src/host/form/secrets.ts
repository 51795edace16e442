import type * as vscode from 'vscode';
import type { OpenRequest } from '../../model/contracts/session';
import { fieldsOf } from '../../model/profile/fields';
import type { Profile } from '../../model/profile/profile';
import { describe } from '../../protocols/descriptions';
import type { SecretOwner } from '../connections/secrets';
import { unknownSecret } from '../failures';
import type { Services } from '../services';

type Input = Record<string, unknown>;

/**
 * Secrets of a connection while it is being edited. Typed ones are kept in memory until the profile is saved. The profile
 * lists the secrets that it needs, so that another machine can ask for them.
 */
export interface FormSecrets {
	/** Keys of the secrets that are stored for the profile's current origin. */
	stored(profile: Input): string[];
	/** Replaces the typed secrets and the stored ones that are to be removed. */
	enter(typed: Readonly<Record<string, string>>, removed: readonly string[]): void;
	/** Returns the profile with an updated list of the secrets that it needs. */
	mark(profile: Input): Input;
	/** The profile for a test: it needs no secret that is to be removed. */
	forTest(profile: Input): Input;
	/** Keys of the typed secrets. */
	typed(): string[];
	/** Puts the typed secrets into the request of a test. */
	into(request: OpenRequest): OpenRequest;
	/** Stores and removes secrets of the saved profile. Throws `no-field`. */
	save(profile: Profile): Promise<void>;
}

export function createFormSecrets(
	{ connecting, secrets, log }: Pick<Services, 'connecting' | 'secrets' | 'log'>,
	id: string,
	folder: vscode.WorkspaceFolder | undefined,
): FormSecrets {
	let typed: Readonly<Record<string, string>> = {};
	let removed: readonly string[] = [];

	/** Throws while the URL is invalid, because a secret is bound to its origin. */
	function owner(profile: Input): SecretOwner {
		const name = typeof profile.name === 'string' && profile.name ? profile.name : 'new connection';
		// Only the URL determines the origin. Other fields can still be incomplete.
		const bare = { id, name, protocol: String(profile.protocol), url: String(profile.url ?? '') };
		return connecting.owner(bare, folder);
	}

	function stored(profile: Input): string[] {
		try {
			return secrets.stored(owner(profile));
		} catch {
			return [];
		}
	}

	function withNeeded(profile: Input, more: readonly string[], without: readonly string[]): Input {
		const before = Array.isArray(profile.secrets) ? profile.secrets.filter((name) => typeof name === 'string') : [];
		const names = [...new Set([...before, ...more])].filter((key) => !without.includes(key));
		const { secrets: _, ...rest } = profile;
		return names.length > 0 ? { ...rest, secrets: names } : rest;
	}

	return {
		stored,
		enter(next, gone) {
			for (const value of Object.values(next)) log.hide(value);
			typed = next;
			removed = gone;
		},
		mark: (profile) => withNeeded(profile, [...stored(profile), ...Object.keys(typed)], removed),
		forTest: (profile) => withNeeded(profile, stored(profile), removed),
		typed: () => Object.keys(typed),
		into(request) {
			const kept = Object.entries(request.secrets).filter(([key]) => !removed.includes(key));
			return { ...request, secrets: { ...Object.fromEntries(kept), ...typed } };
		},
		async save(profile) {
			const own = { ...connecting.owner(profile, folder), id: profile.id };
			const description = describe(profile.protocol);
			const keys = description
				? fieldsOf(description).flatMap(({ key, type }) => (type === 'secret' ? [key] : []))
				: [];
			for (const [key, value] of Object.entries(typed)) {
				if (!keys.includes(key)) throw unknownSecret(key);
				await secrets.set(own, key, value);
			}
			for (const key of removed) await secrets.remove(own, key);
			typed = {};
			removed = [];
		},
	};
}
