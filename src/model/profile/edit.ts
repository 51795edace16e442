import { isRecord } from '../../base/check';
import type { Values } from './field';
import { fieldsOf, type ProtocolShape } from './fields';

/** A profile while it is edited: as it stands in the settings, complete or not. */
type Input = Record<string, unknown>;

/** Returns a copy with the value at the path. `undefined` removes it, together with parent objects that become empty. */
export function writePath(profile: Input, path: readonly string[], value: unknown): Input {
	const [name = '', ...rest] = path;
	const inner = rest.length === 0 ? value : writePath(isRecord(profile[name]) ? profile[name] : {}, rest, value);
	const { [name]: old, ...others } = profile;
	const gone =
		inner === undefined || (rest.length > 0 && isRecord(inner) && Object.keys(inner).length === 0 && !isEmptyOwn(old));
	if (gone) return others;
	return Object.hasOwn(profile, name) ? { ...profile, [name]: inner } : { ...others, [name]: inner };
}

/** An empty object that the user wrote into the settings is kept. */
const isEmptyOwn = (value: unknown) => isRecord(value) && Object.keys(value).length === 0;

/**
 * A profile for another protocol. Keeps what that one can use: the host, fields with the same key, the
 * subscriptions that it can make, and the scheme if it has it, or else its own with or without TLS as before.
 */
export function withProtocol(profile: Input, from: ProtocolShape, to: ProtocolShape): Input {
	const url = String(profile.url ?? '');
	const [, name = '', rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(url) ?? [];
	const keys = new Set(fieldsOf(to).map(({ key }) => key));
	let kept = profile;
	for (const { key } of fieldsOf(from)) if (!keys.has(key)) kept = writePath(kept, key.split('.'), undefined);
	if (rest !== undefined && !schemeNamed(to, name)) {
		const tls = schemeNamed(from, name)?.tls;
		const scheme = to.schemes.find((one) => one.tls === tls) ?? to.schemes[0];
		if (scheme) kept = { ...kept, url: `${scheme.scheme}://${rest}` };
	}
	const { subscriptions } = kept;
	if (Array.isArray(subscriptions))
		kept = writePath(kept, ['subscriptions'], listOrNone(subscriptions.filter((one) => canSubscribe(to, one))));
	return { ...kept, protocol: to.id };
}

const listOrNone = (list: unknown[]) => (list.length > 0 ? list : undefined);

function canSubscribe({ subscription }: ProtocolShape, entry: unknown): boolean {
	if (!subscription || !isRecord(entry) || typeof entry.target !== 'string') return false;
	const { mode } = entry;
	if (mode !== undefined && !subscription.modes?.some(({ id, intrusive }) => id === mode && !intrusive)) return false;
	return subscription.check(entry.target, mode as string | undefined) === undefined;
}

const schemeNamed = ({ schemes }: ProtocolShape, name: string) =>
	schemes.find(({ scheme }) => scheme === name.toLowerCase());

/** The start of a profile: its protocol, its URL and the fields that differ from their defaults. */
export function startOf(
	{ id }: Pick<ProtocolShape, 'id'>,
	{ url, values = {} }: { url: string; values?: Values },
): Input {
	let profile: Input = { protocol: id, url };
	for (const [key, value] of Object.entries(values)) profile = writePath(profile, key.split('.'), value);
	return profile;
}
