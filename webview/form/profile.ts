import { isRecord } from '../../src/base/check';
import { toFailure } from '../../src/base/failure';
import { writePath } from '../../src/model/profile/edit';
import type { Field, FieldValue, Values } from '../../src/model/profile/field';
import { parseUrl } from '../../src/model/profile/url';
import { orList } from '../../src/model/text/lists';
import type { ProtocolDescription, Scheme } from '../../src/protocols/description';
import { problem, shownFields } from '../fields/values';

/** A profile while it is edited: as it stands in the settings, complete or not. */
export type Input = Record<string, unknown>;

/** Reads `tls.ca` from `{ "tls": { "ca": … } }`. */
export function readPath(profile: Record<string, unknown>, key: string): unknown {
	let value: unknown = profile;
	for (const part of key.split('.')) {
		if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
		value = value[part];
	}
	return value;
}

export const allFields = (description: ProtocolDescription): Field[] =>
	description.profile.flatMap((group) => [...group.fields]);

export function readValues(description: ProtocolDescription, profile: Record<string, unknown>): Values {
	const values: Values = {};
	for (const field of allFields(description)) {
		const value = readPath(profile, field.key);
		if (value !== undefined && field.type !== 'secret') values[field.key] = value as FieldValue;
	}
	return values;
}

/** Writes only values that differ from the default. Members that the form does not know are kept. */
export function writeValue(
	profile: Record<string, unknown>,
	field: Field,
	value: FieldValue | undefined,
): Record<string, unknown> {
	const standard = 'default' in field ? field.default : undefined;
	const isStandard = standard !== undefined && JSON.stringify(standard) === JSON.stringify(value);
	return writePath(profile, field.key.split('.'), isStandard ? undefined : value);
}

export function schemeOf(description: ProtocolDescription, url: string): Scheme | undefined {
	const name = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
	return name === undefined ? description.schemes[0] : description.schemes.find((one) => one.scheme === name);
}

/** The facts that the condition (`when`) of a field may refer to. */
export function factsOf(description: ProtocolDescription, url: string): Values {
	const scheme = schemeOf(description, url);
	return { '@scheme': scheme?.scheme, '@tls': scheme?.tls };
}

/** The problem of an address in one sentence, or undefined. Addresses with variables are checked by the host. */
export function urlProblem(description: ProtocolDescription, url: string): string | undefined {
	const schemes = orList(description.schemes.map(({ scheme }) => `${scheme}://`));
	if (url === '') return 'Enter a URL.';
	if (/\$\{/.test(url)) return undefined;
	const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(url);
	if (!hasScheme || !schemeOf(description, url)) return `${description.label} URLs start with ${schemes}.`;
	const part = placeholderIn(url);
	if (part) return `Replace ${part.text} in the URL.`;
	try {
		parseUrl(url, description.schemes);
		return undefined;
	} catch (error) {
		const { message } = toFailure(error);
		return `The URL is not valid: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
	}
}

/** The first part of a preset's URL that the user replaces: "YOUR-CLUSTER". */
export function placeholderIn(url: string): { start: number; end: number; text: string } | undefined {
	const found = /YOUR-[A-Z-]*[A-Z]/.exec(url);
	return found ? { start: found.index, end: found.index + found[0].length, text: found[0] } : undefined;
}

/** Removes user and password from an address: addresses are saved in the settings, which must not contain passwords. */
export function takeCredentials(url: string): { url: string; user?: string; password?: string } {
	const [, start, info, rest] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/is.exec(url) ?? [];
	if (start === undefined || info === undefined) return { url };
	const [user = '', ...password] = info.split(':');
	return {
		url: start + rest,
		...(user ? { user: decoded(user) } : {}),
		...(password.length > 0 ? { password: decoded(password.join(':')) } : {}),
	};
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

export const missingName = 'Enter a name.';

/** The first problem that prevents a profile from being saved, with "url", "name" or the key of the field. */
export function profileProblem(
	description: ProtocolDescription,
	profile: Input,
): { key: string; text: string } | undefined {
	const url = String(profile.url ?? '');
	const wrong = urlProblem(description, url);
	if (wrong) return { key: 'url', text: wrong };
	if (String(profile.name ?? '').trim() === '') return { key: 'name', text: missingName };
	const values = readValues(description, profile);
	for (const field of shownFields(description.profile, values, factsOf(description, url))) {
		const bad = field.type === 'secret' ? undefined : problem(field, values[field.key]);
		if (bad) return { key: field.key, text: bad };
	}
	return undefined;
}
