import { isRecord } from '../../base/check';
import { fail } from '../../base/failure';
import { parseUrl, withoutCredentials } from '../../model/profile/url';
import { describe } from '../../protocols/descriptions';
import type { ReadSource } from '../profiles/store';
import type { Services } from '../services';
import { replaceEntry } from '../settings/edit';
import { notify } from '../ui/notify';
import { type Commands, nodeOf } from './registry';

/** Takes user name and password out of a URL in the settings: the name into its field, the password into the storage. */
export function urlPasswordCommands(services: Services): Commands {
	const { profiles, secrets, connecting } = services;
	return {
		async moveUrlPassword(argument, line) {
			const { read, index } = placeOf(services, argument, line);
			const entry = read.checked[index];
			const value: unknown = entry?.ok ? entry.profile : entry?.entry;
			const description = isRecord(value) ? describe(String(value.protocol)) : undefined;
			if (!isRecord(value) || !description || typeof value.url !== 'string' || typeof value.id !== 'string')
				throw fail('no-profile', 'This entry has no id, protocol and URL, so its password has no place to go.');
			const { credentials } = parseUrl(value.url, description.schemes);
			if (!credentials) return;
			const url = withoutCredentials(value.url);
			const name = typeof value.name === 'string' ? value.name : value.id;
			const profile = { id: value.id, name, protocol: description.id, url };
			const before = Array.isArray(value.secrets) ? value.secrets : [];
			// First the new place, then the old one: a failure in between loses nothing.
			if (credentials.password)
				await secrets.set(connecting.owner(profile, read.source.folder), 'password', credentials.password);
			await profiles.edit(
				read.source,
				replaceEntry(index, {
					...value,
					url,
					...(credentials.username ? { username: credentials.username } : {}),
					...(credentials.password ? { secrets: [...new Set([...before, 'password'])] } : {}),
				}),
			);
			void notify('information', `The password of “${name}” is now in the secret storage.`);
		},
	};
}

/** From the sidebar a broken entry, from a quick fix the file and the line. */
function placeOf({ profiles }: Services, argument: unknown, line: unknown): { read: ReadSource; index: number } {
	const node = nodeOf(argument);
	const read = profiles.sources.find(({ source }) =>
		node?.kind === 'broken' ? source.key === node.broken.source.key : source.uri?.toString() === argument,
	);
	const entries = !read || read.list.kind === 'absent' ? [] : read.list.entries;
	const lineAt = (offset: number) => (read?.text ?? '').slice(0, offset).split(/\r\n|\r|\n/).length - 1;
	const index =
		node?.kind === 'broken'
			? node.broken.index
			: entries.findIndex(
					({ offset, length }) => typeof line === 'number' && lineAt(offset) <= line && line <= lineAt(offset + length),
				);
	if (!read || index < 0) throw fail('no-profile', 'This entry is not in the settings any more. Save them first.');
	return { read, index };
}
