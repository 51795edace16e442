import { type FailureError, fail } from '../../../base/failure';
import { parseJson, textOf } from '../../../model/json/value';
import { peerText } from '../../shared/peer-text';

/** The last member of this name of a JSON object, as text; undefined if there is none. */
export function memberText(data: Buffer, name: string): string | undefined {
	if (data.length === 0) return undefined;
	const parsed = parseJson(data.toString());
	if (!('value' in parsed) || parsed.value.kind !== 'map') return undefined;
	const member = parsed.value.members.findLast(([key]) => key === name)?.[1];
	return member && textOf(member);
}

/** Words in the messages of middleware that checks who the client is. */
const signIn = /auth|token|credential|password|forbidden|not allowed|denied|jwt|log ?in|permission/i;

/** What a server says in a packet of the type CONNECT_ERROR, or ERROR in version 2. */
export interface ServerError {
	/** Its message, which may be empty, and the message as the end of a sentence. */
	reason: string;
	words: string;
	/** The data that the server has added. */
	evidence: string;
	code?: string;
	hasData: boolean;
}

export function errorOf(data: Buffer): ServerError {
	const parsed = parseJson(data.toString());
	const text = 'value' in parsed && parsed.value.kind === 'string' ? parsed.value.text : memberText(data, 'message');
	const reason = text === undefined ? '' : peerText(text, { most: 200 });
	const more = memberText(data, 'data');
	return {
		reason,
		words: reason === '' ? '.' : `: "${reason.replace(/\.$/, '')}".`,
		evidence: peerText(more === undefined ? data.toString() : `data: ${more}`, { most: 500, lines: true }),
		// Version 2 sends the data in place of the message.
		code: memberText(more === undefined ? data : Buffer.from(more), 'code'),
		hasData: more !== undefined,
	};
}

/** The server has refused the client; the data of the error is evidence. `hasSecret`: secrets took part, so that it is about them. */
export function refusalOf(
	namespace: string,
	{ reason, words, evidence, ...error }: ServerError,
	hasSecret: boolean,
): FailureError {
	const name = JSON.stringify(peerText(namespace, { most: 100 }));
	const more = { evidence, end: reason === '' ? {} : { reason }, final: true };
	if (reason === 'Invalid namespace')
		return fail('namespace-refused', `The server has no namespace ${name}.`, {
			...more,
			remedy: { text: 'The path of the URL is the namespace: check it.' },
		});
	if (error.code === '401' || error.code === '403' || signIn.test(reason) || (hasSecret && !error.hasData))
		return fail('credentials-refused', `The server refused this client in the namespace ${name}${words}`, {
			...more,
			remedy: { text: 'Check the auth token and the auth payload of the connection.' },
		});
	return fail('namespace-refused', `The server refused the namespace ${name}${words}`, more);
}
