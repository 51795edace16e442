import type * as vscode from 'vscode';
import { Emitter, type Event } from '../../base/event';
import { section } from '../../model/contracts/settings';
import type { Field } from '../../model/profile/field';
import type { Secrets } from '../../model/profile/profile';
import { originWords } from '../../model/profile/url';
import type { Log } from '../ui/log';
import { askText } from '../ui/prompt';

/** The owner of a secret: a profile at one origin. A profile that points to another server gets none of its secrets. */
export interface SecretOwner {
	id: string;
	name: string;
	/** scheme://host:port */
	origin: string;
}

/** Passwords, tokens and passphrases. They are kept in VS Code's secret storage only. */
export interface SecretStore {
	/** Reports the id of a profile whose secrets were stored or removed. */
	readonly onChanged: Event<string>;
	/** Keys of the stored secrets. */
	stored(owner: SecretOwner): string[];
	get(owner: SecretOwner, key: string): Promise<string | undefined>;
	set(owner: SecretOwner, key: string, value: string): Promise<void>;
	remove(owner: SecretOwner, key: string): Promise<void>;
	/** Removes the secrets of a profile at every origin. */
	removeAll(id: string): Promise<void>;
	/** Asks the user in a password box. False if the user cancelled. */
	ask(owner: SecretOwner, field: Field, why: string): Promise<boolean>;
	/** Stored values of these fields; asks for missing ones that are in `needed`. Undefined if the user cancelled. */
	collect(owner: SecretOwner, fields: readonly Field[], needed: readonly string[]): Promise<Secrets | undefined>;
}

export function createSecretStore(context: vscode.ExtensionContext, log: Log): SecretStore {
	// Not every editor can list its secret storage. The index holds names only.
	const indexKey = `${section}.secretNames`;
	const name = (owner: Pick<SecretOwner, 'id' | 'origin'>, key: string) =>
		`${section}.secret:${JSON.stringify([owner.id, owner.origin, key])}`;
	const index = () => context.globalState.get<string[]>(indexKey, []);
	const parts = (stored: string): string[] => JSON.parse(stored.slice(stored.indexOf(':') + 1));

	const changed = new Emitter<string>();

	const store: SecretStore = {
		onChanged: changed.event,
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
			changed.fire(owner.id);
		},
		async remove(owner, key) {
			await context.secrets.delete(name(owner, key));
			await context.globalState.update(
				indexKey,
				index().filter((one) => one !== name(owner, key)),
			);
			changed.fire(owner.id);
		},
		async removeAll(id) {
			const own = index().filter((one) => parts(one)[0] === id);
			for (const one of own) await context.secrets.delete(one);
			await context.globalState.update(
				indexKey,
				index().filter((one) => !own.includes(one)),
			);
			changed.fire(id);
		},
		async ask(owner, field, why) {
			const value = await askText({
				password: true,
				ignoreFocusOut: true,
				title: `${field.label} for “${owner.name}”`,
				prompt: `${why} It is kept in the secret storage of this machine and sent only to ${originWords(owner.origin)}.`,
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
						? `The connection now goes to ${originWords(owner.origin)}. The stored value belongs to another server.`
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
