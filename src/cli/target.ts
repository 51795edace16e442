import { isRecord } from '../base/check';
import { FailureError, fail } from '../base/failure';
import type { Target } from '../direct/open';
import { noConnection, unknownConnection, unknownProtocol, unknownScheme } from '../files/failures';
import type { ConnectionSpec } from '../files/run/connection';
import { describeUrl, knownSchemes, profileOfUrl } from '../files/run/connections/url-profile';
import { checkProfile } from '../model/profile/check';
import type { Profile, Secrets } from '../model/profile/profile';
import { resolveProfile, secretFields } from '../model/profile/resolve';
import { shownName, shownUrl } from '../model/profile/shown-url';
import type { ProtocolDescription } from '../protocols/description';
import { describe, descriptions } from '../protocols/descriptions';
import type { Settings } from './settings';

/** A part of an environment variable's name: letters and digits in upper case, everything else as an underscore. */
const upper = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
const prefix = 'MESSAGING_WORKBENCH_SECRET_';

/** The environment variable of a secret. Without a profile: of `{{$secret name}}`, and of a URL's fields. */
export function secretVariable(field: string, profile?: string): string {
	return prefix + [profile, field].flatMap((part) => (part === undefined ? [] : [upper(part)])).join('_');
}

/** The protocol of a connection that need not be opened; undefined if it is not known. */
export function describeSpec(spec: ConnectionSpec, settings: Settings): ProtocolDescription | undefined {
	if (spec.profile === undefined) return describeUrl(spec);
	const entry = settings.find(spec.profile);
	return isRecord(entry) && typeof entry.protocol === 'string' ? describe(entry.protocol) : undefined;
}

/** Throws a FailureError if the connection is not known or its settings are wrong. */
export function targetOf(spec: ConnectionSpec, settings: Settings, env: NodeJS.ProcessEnv): Target {
	const { profile: name, url } = spec;
	if (name === undefined && url === undefined)
		throw new FailureError(noConnection('Write "# @connection name", "Connection: name" or "Host: url".'));
	const saved = name === undefined ? undefined : settings.find(name);
	if (name !== undefined && saved === undefined)
		throw new FailureError(unknownConnection(shownUrl(name), `in ${settings.where}`));
	const description = describeSpec(spec, settings);
	if (!description)
		throw new FailureError(
			spec.protocol === undefined ? unknownScheme(knownSchemes()) : unknownProtocol(spec.protocol),
		);
	const { profile, secrets } =
		saved === undefined
			? profileOfUrl('url', url ?? '', description)
			: { profile: checked(saved), secrets: {} as Secrets };
	const variables = { env: (variable: string) => env[variable], workspaceFolder: () => settings.folder };
	// In a URL of the command line or of a message file, `${env:NAME}` stands for itself.
	const resolved = resolveProfile(profile, description, saved === undefined ? undefined : variables);
	const names = saved === undefined ? [undefined] : [profile.id, profile.name];
	for (const { key } of secretFields(resolved, description)) {
		const value = names.map((one) => env[secretVariable(key, one)]).find((one) => one !== undefined);
		if (value !== undefined) secrets[key] = value;
	}
	const ready = { ...resolved.profile, values: { ...resolved.profile.values, ...spec.values } };
	const found = { ...secrets, ...spec.secrets };
	if (saved !== undefined) {
		const needed = [...(Array.isArray(profile.secrets) ? profile.secrets : []), description.secretNeeded?.(ready)];
		for (const { key, label } of secretFields(resolved, description))
			if (needed.includes(key) && found[key] === undefined)
				throw fail('no-secret', `${label} for “${shownName(profile.name)}” is not set.`, {
					remedy: { text: `Set the environment variable ${secretVariable(key, profile.name)}.` },
				});
	}
	return { profile: ready, secrets: found, description };
}

function checked(entry: unknown): Profile {
	const problem = checkProfile(entry, descriptions).find(({ severity }) => severity === 'error');
	if (problem) throw new FailureError({ code: problem.code, message: problem.message });
	return entry as Profile;
}
