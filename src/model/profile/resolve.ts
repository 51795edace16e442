import { isRecord } from '../../base/check';
import { FailureError, fail } from '../../base/failure';
import { requireShallow } from '../../base/nesting';
import { type CheckRule, readRule } from '../checks/rule';
import { shortened } from '../text/text';
import { isBytesValue } from './bytes-value';
import type { Field, FieldValue, Values } from './field';
import { applies, fieldsOf, type ProtocolShape, valueAt, wrongValue } from './fields';
import type { Profile, ResolvedProfile, Subscription } from './profile';
import { isRisky } from './risk';
import { originOf, parseUrl, type Target } from './url';
import { environmentNames, replaceVariables, type Variables } from './variables';

export interface Resolved {
	profile: ResolvedProfile;
	target: Target;
	/** The origin to which secrets are bound, together with the profile's id. */
	origin: string;
}

/**
 * Prepares a profile for connecting. Throws one Failure that names the field: `bad-field`, `bad-url`, `unset-variable`.
 * Without `variables`, texts are taken literally: the URL of a message file may not read values of this machine.
 */
export function resolveProfile(profile: Profile, shape: ProtocolShape, variables: Variables | undefined): Resolved {
	requireShallow(profile, 'The connection');
	const text = (label: string, value: string) =>
		variables ? named(label, () => replaceVariables(value, variables)) : value;
	const url = text('URL', profile.url).trim();
	const target = parseUrl(url, shape.schemes);
	if (target.credentials)
		throw fail('url-password', 'Move the user name and password from the URL into their own fields.', {
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
			...(profile.checks && { checks: resolveChecks(profile.checks, text) }),
		},
		target,
		origin: [originOf(target), ...otherAddresses(shape, values)].join(' '),
	};
}

/** Further addresses that receive the secrets, as written in the profile. */
function otherAddresses({ secretAddresses = [] }: ProtocolShape, values: Values): string[] {
	return secretAddresses.flatMap((key): unknown[] => [values[key] ?? []].flat()).map(String);
}

type Text = (label: string, value: string) => string;

function resolveField(field: Field, value: unknown, text: Text): FieldValue | undefined {
	const replaced = value === undefined || value === '' ? undefined : replaceAll(field.label, value, text);
	if (replaced === undefined) return 'default' in field ? field.default : undefined;
	const wrong = wrongValue(field, replaced);
	if (wrong) throw fail('bad-field', `"${field.label}": ${wrong}.`, { final: true });
	return replaced as FieldValue;
}

function replaceAll(label: string, value: unknown, text: Text): unknown {
	if (typeof value === 'string') return text(label, value);
	if (isBytesValue(value)) return { ...value, text: text(label, value.text) };
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
			throw fail('bad-field', `Subscription "${target}": mode "${mode}" does not exist.`, { final: true });
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

/** Rules that can be read; `check.ts` reports the others. */
function resolveChecks(checks: unknown, text: Text): CheckRule[] {
	return (Array.isArray(checks) ? checks : [checks]).map((entry: CheckRule) => {
		const read = readRule(entry);
		const [wrong] = 'problems' in read ? read.problems : [];
		if (wrong)
			throw fail('bad-field', `Check: ${wrong.member ? `"${wrong.member}": ` : ''}${wrong.message}`, { final: true });
		return entry.target === undefined ? entry : { ...entry, target: text('Check', entry.target) };
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

/** A value that a workspace may not set without the user's approval. */
export interface Risk {
	key: string;
	/** One line: the setting and why it matters. */
	text: string;
	value: string;
	/** File whose content must be approved, too. */
	path?: string;
}

/**
 * Lists the values of a profile that decide to whom a secret is sent, weaken TLS, raise a limit, or send data of this
 * machine elsewhere. A cloned repository could contain them.
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

/** The protocol's secret fields that apply to this profile. */
export function secretFields(resolved: Resolved, shape: ProtocolShape): Field[] {
	return shape.profile
		.filter((group) => applies(group.when, resolved.profile.values, resolved.target))
		.flatMap((group) => group.fields.filter((field) => field.type === 'secret'))
		.filter((field) => applies(field.when, resolved.profile.values, resolved.target));
}
