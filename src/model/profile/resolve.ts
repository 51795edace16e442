import { isRecord } from '../../base/check';
import { FailureError, fail } from '../../base/failure';
import { requireShallow } from '../../base/nesting';
import { shortened } from '../text/text';
import type { Field, FieldValue, Values } from './field';
import { applies, fieldsOf, type ProtocolShape, valueAt, wrongValue } from './fields';
import type { Profile, ResolvedProfile, Subscription } from './profile';
import { isRisky } from './risk';
import { originOf, parseUrl, type Target } from './url';
import { environmentNames, replaceVariables, type Variables } from './variables';

export interface Resolved {
	profile: ResolvedProfile;
	target: Target;
	/** What secrets are bound to besides the profile's id. */
	origin: string;
}

/**
 * Makes a profile ready to connect. Throws one Failure that names the field: `bad-field`, `bad-url`, `unset-variable`.
 * Without `variables` every text stands for itself: the URL of a message file may not take values of this machine.
 */
export function resolveProfile(profile: Profile, shape: ProtocolShape, variables: Variables | undefined): Resolved {
	requireShallow(profile, 'The connection');
	const text = (label: string, value: string) =>
		variables ? named(label, () => replaceVariables(value, variables)) : value;
	const url = text('URL', profile.url).trim();
	const target = parseUrl(url, shape.schemes);
	if (target.credentials)
		throw fail('url-password', 'The URL holds a user name or password, which belong into fields of their own.', {
			final: true,
			remedy: { text: 'Move them out of the URL', command: 'messagingWorkbench.editConnection' },
		});
	const values: Values = {};
	for (const group of shape.profile) {
		if (!applies(group.when, values, target)) continue;
		for (const field of group.fields) {
			if (field.type === 'secret' || !applies(field.when, values, target)) continue;
			const value = resolveField(field, valueAt(profile, field.key), text);
			if (value !== undefined) values[field.key] = value;
			else if (field.required) throw fail('bad-field', `"${field.label}" is missing.`, { final: true });
		}
	}
	return {
		profile: {
			id: profile.id,
			name: profile.name,
			protocol: profile.protocol,
			url,
			values,
			subscriptions: shape.subscription ? resolveSubscriptions(profile, shape.subscription, text) : [],
		},
		target,
		origin: [originOf(target), ...otherAddresses(shape, values)].join(' '),
	};
}

/** Further addresses that are handed the secrets, as the profile writes them. */
function otherAddresses({ secretAddresses = [] }: ProtocolShape, values: Values): string[] {
	return secretAddresses.flatMap((key): unknown[] => [values[key] ?? []].flat()).map(String);
}

type Text = (label: string, value: string) => string;

function resolveField(field: Field, value: unknown, text: Text): FieldValue | undefined {
	const given = value === undefined || value === '' ? undefined : replaceAll(field.label, value, text);
	if (given === undefined) return 'default' in field ? field.default : undefined;
	const wrong = wrongValue(field, given);
	if (wrong) throw fail('bad-field', `"${field.label}": ${wrong}.`, { final: true });
	return given as FieldValue;
}

function replaceAll(label: string, value: unknown, text: Text): unknown {
	if (typeof value === 'string') return text(label, value);
	return Array.isArray(value) ? value.map((one) => replaceAll(label, one, text)) : value;
}

function resolveSubscriptions(
	profile: Profile,
	{ fields, check, modes }: NonNullable<ProtocolShape['subscription']>,
	text: Text,
): Subscription[] {
	return (profile.subscriptions ?? []).map((subscription) => {
		const target = text('Subscription', subscription.target);
		const { mode } = subscription;
		const known = mode === undefined ? modes?.[0] : modes?.find(({ id }) => id === mode);
		if (mode !== undefined && !known)
			throw fail('bad-field', `Subscription "${target}": there is no mode "${mode}".`, { final: true });
		const wrong = check(target, mode);
		if (wrong) throw fail('bad-field', `Subscription "${target}": ${wrong}`, { final: true });
		const resolved: Subscription = { target, ...(mode !== undefined && { mode }) };
		for (const field of [...fields, ...(known?.fields ?? [])]) {
			const value = resolveField(field, valueAt(subscription, field.key), text);
			if (value !== undefined) resolved[field.key] = value;
		}
		return resolved;
	});
}

function named<T>(label: string, action: () => T): T {
	try {
		return action();
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		throw new FailureError({ ...error.failure, message: `"${label}": ${error.failure.message}` });
	}
}

/** Something that a workspace may not do without the user's approval. */
export interface Risk {
	key: string;
	/** One line: which setting, and why it matters. */
	text: string;
	value: string;
	/** The file whose content is approved, too. */
	path?: string;
}

/**
 * Everything in the profile that decides whom a secret goes to, weakens TLS, raises a limit, or sends something of this
 * machine elsewhere: a cloned repository could put it there.
 */
export function risksOf(profile: Profile, { profile: resolved, target }: Resolved, shape: ProtocolShape): Risk[] {
	const risks: Risk[] = [];
	for (const field of fieldsOf(shape)) {
		const value = resolved.values[field.key];
		if (!field.risk || value === undefined || !isRisky(field.risk, value, target)) continue;
		const text = typeof value === 'string' ? value : JSON.stringify(value);
		risks.push({
			key: field.key,
			value: text,
			text: `${field.label}: ${shortened(text, 200)} – ${field.risk.text}`,
			...(field.risk.content && { path: text }),
		});
	}
	for (const name of new Set(textsOf(profile).flatMap(environmentNames)))
		risks.push({
			key: 'env',
			value: name,
			text: `The environment variable ${shortened(name, 200)} is used, so its value may be sent.`,
		});
	return risks;
}

function textsOf(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap(textsOf);
	return isRecord(value) ? Object.values(value).flatMap(textsOf) : [];
}

/** Secret fields of the protocol that apply to this profile. */
export function secretFields(resolved: Resolved, shape: ProtocolShape): Field[] {
	return shape.profile
		.filter((group) => applies(group.when, resolved.profile.values, resolved.target))
		.flatMap((group) => group.fields.filter((field) => field.type === 'secret'))
		.filter((field) => applies(field.when, resolved.profile.values, resolved.target));
}
