import { validateHeaderName, validateHeaderValue } from 'node:http';
import { fail } from '../../../base/failure';
import type { Values } from '../../../model/profile/field';
import type { Secrets } from '../../../model/profile/profile';
import { pairsValue, textValue } from '../values';

export interface RequestHeaders {
	/** Names in lower case; several values are sent in several lines. */
	headers: Record<string, string | string[]>;
	/** The authentication that they carry, in words; undefined: none. */
	authentication?: string;
}

/** Headers that a WebSocket handshake sets itself (RFC 6455, section 4.1), and those that define the length of the request. */
const reserved = new Set([
	'connection',
	'upgrade',
	'sec-websocket-key',
	'sec-websocket-version',
	'sec-websocket-extensions',
	'sec-websocket-protocol',
	'content-length',
	'transfer-encoding',
]);

/**
 * The headers of a profile's requests: its fields `headers` and `cookies`, and the authorization from user name, password and
 * token. Throws `bad-header` before anything is opened.
 */
export function requestHeaders(values: Values, secrets: Secrets): RequestHeaders {
	const headers = new Map<string, string[]>();
	const add = (name: string, value: string) => {
		check(name, value);
		headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
	};
	for (const [name, value] of pairsValue(values, 'headers')) {
		if (reserved.has(name.toLowerCase()))
			throw fail('bad-header', `The header "${name}" is set by the WebSocket handshake itself.`, { final: true });
		add(name, value);
	}
	const cookies = pairsValue(values, 'cookies');
	if (cookies.length > 0) add('cookie', cookies.map(([name, value]) => `${name}=${value}`).join('; '));

	const authorization = authorizationOf(textValue(values, 'username'), secrets);
	if (authorization) {
		headers.delete('authorization');
		add('authorization', authorization.header);
	}
	return {
		// `fromEntries` makes every name an own property, even "__proto__".
		headers: Object.fromEntries(
			[...headers].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
		),
		authentication:
			authorization?.words ?? (headers.has('authorization') ? 'Authorization header of the profile' : undefined),
	};
}

function authorizationOf(
	username: string | undefined,
	secrets: Secrets,
): { header: string; words: string } | undefined {
	if (secrets.token) return { header: `Bearer ${secrets.token}`, words: 'bearer token' };
	if (username === undefined && !secrets.password) return undefined;
	// RFC 7617, section 2: the first colon ends the user name.
	if (username?.includes(':'))
		throw fail('bad-header', 'A user name with a colon cannot be sent with Basic authentication.', { final: true });
	const pair = Buffer.from(`${username ?? ''}:${secrets.password ?? ''}`).toString('base64');
	return { header: `Basic ${pair}`, words: 'user name and password' };
}

function check(name: string, value: string): void {
	const shown = JSON.stringify(name);
	try {
		validateHeaderName(name);
	} catch {
		throw fail('bad-header', `${shown} is not a valid header name.`, { final: true });
	}
	try {
		validateHeaderValue(name, value);
	} catch {
		throw fail('bad-header', `The value of the header ${shown} has characters that HTTP does not allow.`, {
			final: true,
		});
	}
}
