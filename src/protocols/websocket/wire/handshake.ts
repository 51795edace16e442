import { fail } from '../../../base/failure';
import type { Values } from '../../../model/profile/field';
import type { Secrets } from '../../../model/profile/profile';
import { type RequestHeaders, requestHeaders } from '../../shared/http/headers';
import { listValue, textValue } from '../../shared/values';

export interface Handshake extends RequestHeaders {
	subprotocols: string[];
	origin?: string;
	perMessageDeflate: boolean;
}

/** A token of RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Builds the upgrade request from the profile. Throws `bad-header` or `bad-subprotocol` before anything is opened. */
export function handshake(values: Values, secrets: Secrets): Handshake {
	return {
		...requestHeaders(values, secrets),
		subprotocols: subprotocols(listValue(values, 'subprotocols')),
		origin: textValue(values, 'origin'),
		perMessageDeflate: values.perMessageDeflate !== false,
	};
}

function subprotocols(names: readonly string[]): string[] {
	const wrong = names.find((name) => !token.test(name));
	if (wrong !== undefined)
		throw fail('bad-subprotocol', `${JSON.stringify(wrong)} is not a valid subprotocol name.`, { final: true });
	return [...new Set(names)];
}
