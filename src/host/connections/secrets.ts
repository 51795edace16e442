import type * as vscode from 'vscode';
import { section } from '../../model/contracts/settings';
import type { Field } from '../../model/profile/field';
import type { Secrets } from '../../model/profile/profile';
import type { Log } from '../ui/log';
import { askText } from '../ui/prompt';

/** Whose secret: a profile's, at one origin. Another host under a known id is handed nothing. */
export interface SecretOwner {
	id: string;
	name: string;
	/** scheme://host:port */
	origin: string;
}

/** Passwords, tokens and passphrases: in the editor's secret storage and nowhere else. */
export interface SecretStore {
	stored(owner: SecretOwner): string[];
	get(owner: SecretOwner, key: string): Promise<string | undefined>;
	set(owner: SecretOwner, key: string, value: string): Promise<void>;
	remove(owner: SecretOwner, key: string): Promise<void>;
	/** Of a deleted profile, at every origin. */
	removeAll(id: string): Promise<void>;
	/** Asks with the editor's password box. False if the user turned it down. */
	ask(owner: SecretOwner, field: Field, why: string): Promise<boolean>;
	/** What is stored of these fields; `needed` ones that are missing are asked for. Undefined if turned down. */
	collect(owner: SecretOwner, fields: readonly Field[], needed: readonly string[]): Promise<Secrets | undefined>;
}

export function createSecretStore(context: vscode.ExtensionContext, log: Log): SecretStore {
	// The storage cannot be listed in every editor: this index holds names only.
	const indexKey = `${section}.secretNames`;
	const name = (owner: Pick<SecretOwner, 'id' | 'origin'>, key: string) =>
		`${section}.secret:${JSON.stringify([owner.id, owner.origin, key])}`;
	const index = () => context.globalState.get<string[]>(indexKey, []);
	const parts = (stored: string): string[] => JSON.parse(stored.slice(stored.indexOf(':') + 1));

	const store: SecretStore = {
		stored: ({ id, origin }) =>
			index()
				.map(parts)
				.flatMap(([ownId, ownOrigin, key]) => (ownId === id && ownOrigin === origin && key ? [key] : [])),
		async get(owner, key) {
			const value = await context.secrets.get(name(owner, key));
			if (value !== undefined) log.hide(value);
			return value;
		},
		async set(owner, key, value) {
			log.hide(value);
			await context.secrets.store(name(owner, key), value);
			await context.globalState.update(indexKey, [...new Set([...index(), name(owner, key)])]);
		},
		async remove(owner, key) {
			await context.secrets.delete(name(owner, key));
			await context.globalState.update(
				indexKey,
				index().filter((one) => one !== name(owner, key)),
			);
		},
		async removeAll(id) {
			const own = index().filter((one) => parts(one)[0] === id);
			for (const one of own) await context.secrets.delete(one);
			await context.globalState.update(
				indexKey,
				index().filter((one) => !own.includes(one)),
			);
		},
		async ask(owner, field, why) {
			const value = await askText({
				password: true,
				ignoreFocusOut: true,
				title: `${field.label} for “${owner.name}”`,
				prompt: `${why} It is kept in this machine’s secret storage and only ever sent to ${owner.origin}.`,
			});
			if (value === undefined || value === '') return false;
			await store.set(owner, field.key, value);
			return true;
		},
		async collect(owner, fields, needed) {
			const secrets: Secrets = {};
			for (const field of fields) {
				let value = await store.get(owner, field.key);
				if (value === undefined && needed.includes(field.key)) {
					const elsewhere = index()
						.map(parts)
						.some(([id, , key]) => id === owner.id && key === field.key);
					const why = elsewhere
						? `The connection now goes to ${owner.origin}; what was stored is for another server.`
						: 'It is not stored on this machine yet.';
					if (!(await store.ask(owner, field, why))) return undefined;
					value = await store.get(owner, field.key);
				}
				if (value !== undefined) secrets[field.key] = value;
			}
			return secrets;
		},
	};
	return store;
}
