import { fail } from '../../base/failure';
import { parseJson, textOf } from '../../model/json/value';
import type { Values } from '../../model/profile/field';
import type { Secrets } from '../../model/profile/profile';
import { wellFormed } from '../../model/text/text';
import { pairsValue, textValue } from '../shared/values';

/** Where the requests of the server go, and the namespace that the URL names. */
export interface Endpoint {
	/** Ends with a slash, as servers expect it. */
	path: string;
	namespace: string;
	/** Without those of Engine.IO itself. */
	query: readonly [string, string][];
}

/** Parameters of Engine.IO, which a URL from the developer tools of a browser contains. */
const own = new Set(['EIO', 'transport', 'sid', 't', 'b64', 'j']);

/**
 * Reads path and query of a URL as socket.io-client does: the path is the namespace. A path that ends in the path of the
 * requests, as in a copied request, is that path instead.
 */
export function endpointOf(rest: string, values: Values): Endpoint {
	const [, written = '', search = ''] = /^([^?]*)\??([\s\S]*)$/.exec(rest) ?? [];
	const usual = withSlashes(textValue(values, 'path') ?? '/socket.io/');
	const isPath =
		(usual !== '/' && `${written}/`.replace(/\/+$/, '/').endsWith(usual)) || /\/socket\.io\/?$/.test(written);
	const parameters = [...new URLSearchParams(search)].filter(([name]) => !own.has(name));
	return {
		path: isPath ? withSlashes(written) : usual,
		namespace: isPath || written === '' ? '/' : written,
		query: [...parameters, ...pairsValue(values, 'query')],
	};
}

const withSlashes = (path: string) => `/${path}/`.replace(/^\/+|\/+$/g, '/');

/** Characters that a request line cannot contain. */
const encoded = (path: string) => path.replace(/[^!-~]+/g, (text) => encodeURIComponent(wellFormed(text)));

/** Path and query of a request. */
export function requestPath({ path, query }: Endpoint, parameters: Readonly<Record<string, string>>): string {
	return `${encoded(path)}?${new URLSearchParams([...query, ...Object.entries(parameters)])}`;
}

export interface Auth {
	/** JSON of the payload; undefined: none. */
	json?: string;
	/** Its members as a query, for servers of version 2. */
	query: string;
	/** What it carries, in words; undefined: no secret. */
	words?: string;
}

/** The auth payload of the profile. Throws `bad-auth` before anything is opened. */
export function authOf(values: Values, secrets: Secrets): Auth {
	const text = textValue(values, 'auth')?.trim();
	const name = textValue(values, 'authName') ?? 'token';
	const { authToken } = secrets;
	const parsed = text === undefined || text === '' ? undefined : parseJson(text);
	if (parsed && (!('value' in parsed) || parsed.value.kind !== 'map'))
		throw fail('bad-auth', 'The auth payload is not a JSON object.', {
			...('problem' in parsed && { evidence: parsed.problem }),
			final: true,
		});
	const members = parsed && 'value' in parsed && parsed.value.kind === 'map' ? parsed.value.members : [];
	const kept = members.filter(([member]) => !authToken || member !== name);
	const written = kept.map(([member, { source }]) => `${JSON.stringify(member)}:${source}`);
	if (authToken) written.push(`${JSON.stringify(name)}:${JSON.stringify(authToken)}`);
	const query = new URLSearchParams(kept.map(([member, value]): [string, string] => [member, textOf(value)]));
	if (authToken) query.append(name, authToken);
	return {
		...(written.length > 0 && { json: `{${written.join(',')}}` }),
		query: String(query),
		...(authToken && { words: `auth payload (${name})` }),
	};
}
