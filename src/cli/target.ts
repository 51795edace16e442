import { isRecord } from '../base/check';
import { FailureError, fail } from '../base/failure';
import type { ConnectionSpec } from '../files/run/connection';
import { checkProfile } from '../model/profile/check';
import type { Profile, ResolvedProfile, Secrets } from '../model/profile/profile';
import { resolveProfile, secretFields } from '../model/profile/resolve';
import { shownUrl } from '../model/profile/shown-url';
import { parseUrl, withoutCredentials } from '../model/profile/url';
import type { ProtocolDescription } from '../protocols/description';
import { describe, descriptions } from '../protocols/descriptions';
import type { Settings } from './settings';

/** A connection that can be opened. */
export interface Target {
	profile: ResolvedProfile;
	secrets: Secrets;
	description: ProtocolDescription;
}

/** As it stands in the environment: letters and digits, everything else an underscore. */
const upper = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
const prefix = 'MESSAGING_WORKBENCH_SECRET_';

/** The environment variable of a secret. Without a profile: of `{{$secret name}}`, and of a URL's fields. */
export function secretVariable(field: string, profile?: string): string {
	return prefix + [profile, field].flatMap((part) => (part === undefined ? [] : [upper(part)])).join('_');
}

/** The protocol of a connection, without its being opened; undefined if nothing has that name. */
export function describeSpec(spec: ConnectionSpec, settings: Settings): ProtocolDescription | undefined {
	if (spec.profile !== undefined) {
		const entry = settings.find(spec.profile);
		return entry && isRecord(entry) && typeof entry.protocol === 'string' ? describe(entry.protocol) : undefined;
	}
	if (spec.protocol !== undefined) return describe(spec.protocol);
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(spec.url ?? '')?.[1]?.toLowerCase();
	return descriptions.find(({ schemes }) => schemes.some((one) => one.scheme === scheme));
}

/** Throws a FailureError in one sentence. */
export function targetOf(spec: ConnectionSpec, settings: Settings, env: NodeJS.ProcessEnv): Target {
	if (spec.profile === undefined && spec.url === undefined)
		throw fail(
			'no-connection',
			'No connection is named: write "# @connection name", "Connection: name" or "Host: url".',
		);
	const description = describeSpec(spec, settings);
	const found = spec.profile === undefined ? undefined : settings.find(spec.profile);
	if (spec.profile !== undefined && found === undefined)
		throw fail('unknown-connection', `There is no connection "${shownUrl(spec.profile)}" in ${settings.where}.`);
	if (!description && spec.protocol !== undefined)
		throw fail('unknown-protocol', `The protocol "${spec.protocol}" is not available.`);
	if (!description) throw fail('unknown-protocol', `No known protocol has a URL like this: ${schemes()} are known.`);
	const secrets: Secrets = {};
	const profile = found === undefined ? ofUrl(spec.url ?? '', description, secrets) : checked(found);
	const variables = { env: (name: string) => env[name], workspaceFolder: () => settings.folder };
	const resolved = resolveProfile(profile, description, found === undefined ? undefined : variables);
	for (const { key } of secretFields(resolved, description)) {
		const names = found === undefined ? [undefined] : [profile.id, profile.name];
		const value = names.map((name) => env[secretVariable(key, name)]).find((one) => one !== undefined);
		if (value !== undefined) secrets[key] = value;
	}
	Object.assign(secrets, spec.secrets);
	return {
		profile: { ...resolved.profile, values: { ...resolved.profile.values, ...spec.values } },
		secrets,
		description,
	};
}

const schemes = () =>
	[...new Set(descriptions.flatMap((one) => one.schemes.map(({ scheme }) => `${scheme}://`)))].join(', ');

function checked(entry: unknown): Profile {
	const problem = checkProfile(entry, descriptions).find(({ severity }) => severity === 'error');
	if (problem) throw new FailureError({ code: problem.code, message: problem.message });
	return entry as Profile;
}

/** User and password of a URL leave it at once. */
function ofUrl(url: string, description: ProtocolDescription, secrets: Secrets): Profile {
	const { credentials } = parseUrl(url, description.schemes);
	if (credentials?.password !== undefined) secrets.password = credentials.password;
	return {
		id: 'url',
		name: withoutCredentials(url),
		protocol: description.id,
		url: withoutCredentials(url),
		...(credentials && { username: credentials.username }),
	};
}
