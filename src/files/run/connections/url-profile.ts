import type { Profile, Secrets } from '../../../model/profile/profile';
import { parseUrl, withoutCredentials } from '../../../model/profile/url';
import type { ProtocolDescription } from '../../../protocols/description';
import { describe, descriptions } from '../../../protocols/descriptions';
import type { ConnectionSpec } from '../connection';

/** The protocol of a connection that is not saved: that of the request, or that of the URL's scheme. */
export function describeUrl({ protocol, url = '' }: ConnectionSpec): ProtocolDescription | undefined {
	if (protocol !== undefined) return describe(protocol);
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
	return descriptions.find(({ schemes }) => schemes.some((one) => one.scheme === scheme));
}

/** The schemes of all protocols. */
export const knownSchemes = (): string[] => [
	...new Set(descriptions.flatMap(({ schemes }) => schemes.map(({ scheme }) => scheme))),
];

/** A URL as a connection that is not saved. The profile has no password: it is in the secrets. */
export function profileOfUrl(
	id: string,
	url: string,
	description: ProtocolDescription,
): { profile: Profile; secrets: Secrets } {
	const { credentials } = parseUrl(url, description.schemes);
	const clean = withoutCredentials(url);
	const profile: Profile = {
		id,
		name: clean,
		protocol: description.id,
		url: clean,
		...(credentials && { username: credentials.username }),
	};
	return { profile, secrets: credentials?.password === undefined ? {} : { password: credentials.password } };
}
