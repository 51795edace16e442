import { isRecord } from '../../../base/check';
import { parseUrl, withoutCredentials } from '../../../model/profile/url';
import type { FoundConnection, StoredFile } from '../../connection-import';

/** Members of a context that a connection does not need. */
const withoutEffect = ['name', 'description', 'color_scheme', 'jetstream_event_prefix'];

/** Members with a secret, which is taken by the key of its field. */
const secretKeys = { password: 'password', token: 'token' } as const;

/** Members as the fields of a connection. */
const fieldKeys: Readonly<Record<string, string>> = {
	user: 'username',
	creds: 'credentials',
	cert: 'tls.cert',
	key: 'tls.key',
	ca: 'tls.ca',
	jetstream_domain: 'jetstream.domain',
	jetstream_api_prefix: 'jetstream.prefix',
	inbox_prefix: 'inboxPrefix',
};
const paths = ['creds', 'cert', 'key', 'ca'];

const reasons: Readonly<Record<string, string>> = {
	nkey: 'which is the path of a seed: enter the seed as "Nkey seed", or use a credentials file',
	user_jwt: 'which a connection takes from a credentials file',
	user_seed: 'which a connection takes from a credentials file',
	nsc: 'which is looked up by nsc: enter the path of its credentials file',
	socks_proxy: 'since connections do not use a SOCKS proxy',
};

const reasonFor = (member: string): string =>
	(Object.hasOwn(reasons, member) ? reasons[member] : undefined) ?? 'which connections do not have';

/** A value that names a secret elsewhere: env://NAME, op://…, nsc://…, data:…. */
const reference = /^(?!file:)[a-z][a-z0-9+.-]*:(?:\/\/|[^\\/])/i;

/** A context of the nats command line (jsm.go, natscontext). Its name is that of its file. */
export function readContext({ name, text, home }: StoredFile): FoundConnection {
	let context: unknown;
	try {
		context = JSON.parse(text);
	} catch {
		throw new Error(`${name} is not JSON.`);
	}
	if (!isRecord(context)) throw new Error(`${name} is not a context.`);
	const found: FoundConnection = { profile: { name: name.replace(/\.json$/, ''), url: '' }, secrets: {}, left: [] };
	const { profile, secrets, left } = found;
	for (const [member, value] of Object.entries(context)) {
		if (member === 'url' || withoutEffect.includes(member) || !isSet(value)) continue;
		const text = String(value);
		const field = Object.hasOwn(fieldKeys, member) ? fieldKeys[member] : undefined;
		if (member === 'tls_first') set(profile, 'tls.first', true);
		else if (member === 'password' || member === 'token') {
			if (reference.test(text)) left.push(`${member}, which is kept in another place`);
			else secrets[secretKeys[member]] = text;
		} else if (field === undefined) left.push(`${member}, ${reasonFor(member)}`);
		else if (!paths.includes(member)) set(profile, field, text);
		else if (reference.test(text) || text.includes('$')) left.push(`${member}, which is not the path of a file`);
		else
			set(
				profile,
				field,
				text.replace(/^file:\/\//, '').replace(/^~(?=$|[\\/])/, () => home),
			);
	}
	const secure = ['tls.cert', 'tls.ca', 'tls.first'].some((key) => isIn(profile, key));
	address(found, typeof context.url === 'string' ? context.url : '', secure);
	return found;
}

const isSet = (value: unknown): boolean =>
	value !== '' && value !== false && value !== null && !(Array.isArray(value) && value.length === 0);

/** Sets a member by its dotted path. */
function set(target: Record<string, unknown>, path: string, value: unknown): void {
	const [first = '', ...rest] = path.split('.');
	if (rest.length === 0) target[first] = value;
	else {
		const inner = isRecord(target[first]) ? target[first] : {};
		set(inner, rest.join('.'), value);
		target[first] = inner;
	}
}

function isIn(target: Record<string, unknown>, path: string): boolean {
	const [first = '', ...rest] = path.split('.');
	const value = target[first];
	return rest.length === 0 ? value !== undefined : isRecord(value) && isIn(value, rest.join('.'));
}

/** The first of the servers, as a URL without credentials. Those become user name and password, or the token. */
function address({ profile, secrets, left }: FoundConnection, text: string, secure: boolean): void {
	const [first = '', ...others] = text
		.split(',')
		.map((one) => one.trim())
		.filter((one) => one !== '');
	const written = first === '' ? 'nats://localhost:4222' : /^[a-z]+:\/\//i.test(first) ? first : `nats://${first}`;
	const url = secure ? written.replace(/^nats:/i, 'tls:') : written;
	profile.url = withoutCredentials(url);
	for (const one of others) left.push(`${withoutCredentials(one)}, since a connection has one server`);
	const scheme = /^[a-z]+/i.exec(url)?.[0].toLowerCase() ?? '';
	try {
		const { credentials } = parseUrl(url, [{ scheme, defaultPort: 4222, tls: false }]);
		if (!credentials) return;
		if (credentials.password === undefined) secrets.token ??= credentials.username;
		else {
			profile.username ??= credentials.username;
			secrets.password ??= credentials.password;
		}
	} catch {
		// An invalid URL is imported as it is. The check of the profile reports it.
	}
}
