import { isRecord } from '../../base/check';
import { toFailure } from '../../base/failure';
import { isTooDeep, tooDeep } from '../../base/nesting';
import { ruleMembers } from '../checks/rule';
import { nearest } from '../text/nearest';
import type { Field } from './field';
import { commonMembers, fieldsOf, type ProtocolShape, wrongValue } from './fields';
import { checkProblems } from './message-checks';
import type { Profile } from './profile';
import { shownUrl } from './shown-url';
import { parseUrl } from './url';

/** A problem in the settings with its location. */
export interface Problem {
	/** Path within the profile: `['tls', 'verify']`. Empty: the profile itself. */
	path: (string | number)[];
	/** An error makes the profile unusable; a warning does not. */
	severity: 'error' | 'warning';
	code:
		| 'wrong-type'
		| 'missing'
		| 'duplicate-id'
		| 'unknown-protocol'
		| 'unknown-field'
		| 'bad-url'
		| 'url-password'
		| 'secret-in-settings'
		| 'bad-check'
		| 'bad-target';
	/** One plain sentence. */
	message: string;
	/** Suggestion for an unknown field; never a secret. */
	meant?: string;
	/** Key of the secret field that the value belongs to, for `secret-in-settings`. */
	secret?: string;
}

/** Finds all problems of one entry of the setting. Never throws, whatever the entry is. */
export function checkProfile(entry: unknown, protocols: readonly ProtocolShape[]): Problem[] {
	if (!isRecord(entry)) return [error([], 'wrong-type', 'A connection is an object with id, name, protocol and url.')];
	if (isTooDeep(entry)) return [error([], 'wrong-type', `The connection has ${tooDeep}.`)];
	const problems: Problem[] = [];
	for (const key of ['id', 'name', 'protocol', 'url']) {
		const value = entry[key];
		if (value === undefined) problems.push(error([], 'missing', `The connection has no "${key}".`));
		else if (typeof value !== 'string') problems.push(error([key], 'wrong-type', `"${key}" is a text.`));
		else if (value.trim() === '' && key !== 'url') problems.push(error([key], 'missing', `"${key}" is empty.`));
	}
	if (typeof entry.protocol !== 'string') return problems;
	const shape = protocols.find(({ id }) => id === entry.protocol);
	if (!shape) {
		const known = protocols.map(({ id }) => id).join(', ');
		const message = `The protocol "${shownUrl(entry.protocol)}" is not supported. Supported protocols: ${known}.`;
		return [
			...problems,
			...unknownSecrets(entry),
			{
				...error(['protocol'], 'unknown-protocol', message),
				...meant(
					entry.protocol,
					protocols.map((one) => one.id),
				),
			},
		];
	}
	if (typeof entry.url === 'string') problems.push(...checkUrl(entry.url, shape));
	if (entry.color !== undefined && typeof entry.color !== 'string')
		problems.push(error(['color'], 'wrong-type', '"color" is a text.'));
	if (entry.production !== undefined && typeof entry.production !== 'boolean')
		problems.push(error(['production'], 'wrong-type', '"production" is true or false.'));
	if (
		entry.secrets !== undefined &&
		!(Array.isArray(entry.secrets) && entry.secrets.every((one) => typeof one === 'string'))
	)
		problems.push(error(['secrets'], 'wrong-type', '"secrets" is a list of field names.'));
	problems.push(...checkFields(entry, fieldsOf(shape), commonMembers, []));
	if (entry.checks !== undefined) problems.push(...checkChecks(entry.checks, shape));
	if (entry.subscriptions !== undefined) problems.push(...checkSubscriptions(entry.subscriptions, shape));
	return problems;
}

function checkUrl(url: string, shape: ProtocolShape): Problem[] {
	// Variables are replaced only when connecting; a valid host stands in for them here.
	const text = url.replace(/^\$\{[^}]*\}$/, `${shape.schemes[0]?.scheme}://x`);
	try {
		const withPort = text.replace(/:\$\{[^}]*\}/g, ':1');
		const target = parseUrl(withPort.replace(/\$\{[^}]*\}/g, 'x'), shape.schemes);
		if (!target.credentials) return [];
		const what = target.credentials.password === undefined ? 'a user name' : 'a user name and a password';
		return [
			{
				path: ['url'],
				severity: 'error',
				code: 'url-password',
				message: `The URL contains ${what}. Passwords are stored in the editor’s secret storage, never in the settings.`,
			},
		];
	} catch (thrown) {
		return [error(['url'], 'bad-url', toFailure(thrown).message)];
	}
}

function checkFields(
	entry: Record<string, unknown>,
	fields: readonly Field[],
	common: readonly string[],
	base: (string | number)[],
): Problem[] {
	const problems: Problem[] = [];
	const walk = (record: Record<string, unknown>, prefix: string) => {
		for (const [name, value] of Object.entries(record)) {
			if (prefix === '' && common.includes(name)) continue;
			const key = prefix + name;
			const path = [...base, ...key.split('.')];
			const field = fields.find((one) => one.key === key);
			const inside = fields.some((one) => one.key.startsWith(`${key}.`));
			if (field) {
				const wrong = wrongValue(field, value);
				if (wrong && field.type === 'secret')
					problems.push({ ...error(path, 'secret-in-settings', `"${key}": ${wrong}.`), secret: key });
				else if (wrong) problems.push(error(path, 'wrong-type', `"${key}" (${field.label}): ${wrong}.`));
			} else if (inside && isRecord(value)) walk(value, `${key}.`);
			else if (inside) problems.push(error(path, 'wrong-type', `"${key}" is an object.`));
			else {
				const secret = typeof value === 'string' ? misspeltSecret(key, fields) : undefined;
				if (secret !== undefined) {
					const message = `"${key}" is not known. If it is the ${secret.label.toLowerCase()}: secrets don’t belong in settings.`;
					problems.push({ path, severity: 'warning', code: 'secret-in-settings', message, secret: secret.key });
					continue;
				}
				const here = [
					...fields.filter(({ type }) => type !== 'secret').map((one) => one.key),
					...(prefix === '' ? common : []),
				];
				const near = meant(key, [...here, ...here.map((one) => one.split('.')[0] ?? '')]);
				const hint = near.meant ? ` Did you mean "${near.meant}"?` : '';
				const message = `"${key}" is not known for this connection and is ignored.${hint}`;
				problems.push({ path, severity: 'warning', code: 'unknown-field', message, ...near });
			}
		}
	};
	walk(entry, '');
	return problems;
}

/** Names under which a password is written where it does not belong. */
const secretName = /^(?:pass(?:wor[dt]|wd|phrase)?|kennwort|secret|token|api[-_]?key)$/i;

/** The secret field that an unknown name stands for. */
function misspeltSecret(key: string, fields: readonly Field[]): Field | undefined {
	const secrets = fields.filter(({ type }) => type === 'secret');
	const near = nearest(
		key,
		fields.map((one) => one.key),
	);
	return (
		secrets.find((one) => one.key === near) ??
		(secretName.test(key) ? secrets.find((one) => one.key === 'password') : undefined)
	);
}

/** Secrets beside a protocol that is not known, so that its fields are not either. */
function unknownSecrets(entry: Record<string, unknown>): Problem[] {
	return Object.entries(entry)
		.filter(([name, value]) => secretName.test(name) && typeof value === 'string')
		.map(([name]) =>
			error(
				[name],
				'secret-in-settings',
				`"${name}": secrets don’t belong in settings. Correct the protocol, then move it to the secret storage.`,
			),
		);
}

function checkSubscriptions(list: unknown, shape: ProtocolShape): Problem[] {
	if (!Array.isArray(list)) return [error(['subscriptions'], 'wrong-type', '"subscriptions" is a list.')];
	return list.flatMap((one: unknown, at): Problem[] => {
		const base = ['subscriptions', at];
		if (!isRecord(one) || typeof one.target !== 'string')
			return [error(base, 'wrong-type', 'A subscription is an object with a "target".')];
		const { fields = [], modes = [], check } = shape.subscription ?? {};
		const severity = 'warning' as const;
		const mode = one.mode === undefined ? modes[0] : modes.find(({ id }) => id === one.mode);
		const wrong = /\$\{/.test(one.target) ? undefined : check?.(one.target, mode?.id);
		const known = modes.flatMap(({ id, intrusive }) => (intrusive ? [] : [JSON.stringify(id)])).join(', ');
		const message = `"mode" is one of ${known}.`;
		return [
			...(one.mode !== undefined && !mode && modes.length > 0 ? [error([...base, 'mode'], 'wrong-type', message)] : []),
			...(mode?.intrusive && one.mode !== undefined
				? [
						{
							...error([...base, 'mode'], 'wrong-type', `${message} Others are started by a user only.`),
							severity,
						} as const,
					]
				: []),
			...(wrong ? [error([...base, 'target'], 'bad-target', wrong)] : []),
			...checkFields(
				one,
				[...fields, ...(mode?.fields ?? [])],
				modes.length > 0 ? ['target', 'mode'] : ['target'],
				base,
			),
		];
	});
}

function checkChecks(list: unknown, shape: ProtocolShape): Problem[] {
	if (!Array.isArray(list)) return [error(['checks'], 'wrong-type', '"checks" is a list.')];
	return list.flatMap((one: unknown, at): Problem[] => {
		const base = ['checks', at];
		const unknown = isRecord(one)
			? Object.keys(one).filter((name) => !ruleMembers.some((known) => known === name))
			: [];
		return [
			...checkProblems(one, shape).map(({ member, message }) =>
				member ? error([...base, member], 'bad-check', `"${member}": ${message}`) : error(base, 'bad-check', message),
			),
			...unknown.map((name): Problem => {
				const near = meant(name, ruleMembers);
				const hint = near.meant ? ` Did you mean "${near.meant}"?` : '';
				const message = `"${name}" is not known for a check and is ignored.${hint}`;
				return { path: [...base, name], severity: 'warning', code: 'unknown-field', message, ...near };
			}),
		];
	});
}

const error = (path: (string | number)[], code: Problem['code'], message: string): Problem => ({
	path,
	severity: 'error',
	code,
	message,
});

const meant = (name: string, known: readonly string[]): { meant?: string } => {
	const near = nearest(name, known);
	return near === undefined ? {} : { meant: near };
};

/** A usable profile, or an unusable entry with the reason. `index`: position in the list. */
export type CheckedEntry =
	| { ok: true; index: number; profile: Profile; problems: Problem[] }
	| { ok: false; index: number; entry: unknown; problems: Problem[] };

/** Checks a list of profiles. `taken`: ids used by other settings files; the ids of this list are added. */
export function checkList(
	list: unknown,
	protocols: readonly ProtocolShape[],
	taken = new Set<string>(),
): CheckedEntry[] {
	if (!Array.isArray(list)) return [];
	return list.map((entry: unknown, index) => {
		const problems = checkProfile(entry, protocols);
		const id = isRecord(entry) && typeof entry.id === 'string' ? entry.id : undefined;
		if (id !== undefined && taken.has(id))
			problems.unshift(
				error(['id'], 'duplicate-id', `The id "${shownUrl(id)}" is already used by another connection.`),
			);
		if (id !== undefined) taken.add(id);
		if (problems.some(({ severity }) => severity === 'error')) return { ok: false, index, entry, problems };
		return { ok: true, index, profile: entry as Profile, problems };
	});
}
