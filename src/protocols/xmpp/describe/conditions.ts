import type { Failure } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { attribute, child, type Element, namespaces } from '../wire/xml';
import type { StanzaError } from './stanza-meta';

/** Namespaces of the conditions that RFC 6120 defines. */
const defined: readonly string[] = [namespaces.stanzas, namespaces.streams, namespaces.sasl];

/** The condition, its text and the application-specific element of any XMPP error (RFC 6120, 4.9, 6.5 and 8.3). */
export function errorOf(error: Element | undefined): StanzaError {
	const condition = error?.children.find(({ ns, name }) => defined.includes(ns) && name !== 'text');
	const text = child(error, 'text')?.text;
	const application = error?.children.find(({ ns, name }) => !defined.includes(ns) && name !== 'text');
	return {
		type: short(error && attribute(error, 'type')),
		condition: peerText(condition?.name ?? 'undefined-condition', { most: 100 }),
		application: application && peerText(`${application.name} (${application.ns})`),
		text: text ? peerText(text) : undefined,
		by: short(error && attribute(error, 'by')),
	};
}

const short = (text: string | undefined) => text && peerText(text, { most: 200 });

/** "item-not-found (cancel), closed-node (http://…): no such node" */
export function evidenceOf({ type, condition, application, text }: StanzaError): string {
	const parts = [type ? `${condition} (${type})` : condition, application].filter((part) => part).join(', ');
	return text ? `${parts}: ${text}` : parts;
}

const words: Record<string, string> = {
	'bad-request': 'it did not understand the request',
	conflict: 'the name is already taken',
	'feature-not-implemented': 'it does not support this',
	forbidden: 'you do not have permission',
	gone: 'it no longer exists at this address',
	'internal-server-error': 'it has an internal error',
	'item-not-found': 'it does not exist',
	'jid-malformed': 'the address is malformed',
	'not-acceptable': 'it does not accept this content',
	'not-allowed': 'this is not allowed',
	'not-authorized': 'you must sign in or be admitted first',
	'payment-required': 'a payment is required',
	'policy-violation': 'it violates a policy of the service',
	'recipient-unavailable': 'the recipient is not available',
	redirect: 'it is at another address',
	'registration-required': 'you must be registered or be a member',
	'remote-server-not-found': 'the other server does not exist',
	'remote-server-timeout': 'the other server did not answer in time',
	'resource-constraint': 'it is too busy',
	'service-unavailable': 'the service does not support this',
	'subscription-required': 'you must be subscribed first',
	'undefined-condition': 'no reason was given',
	'unexpected-request': 'it did not expect this request now',
};

/** The meaning of a stanza's error condition, as the end of a sentence. */
export function inWords(condition: string): string {
	return Object.hasOwn(words, condition) ? (words[condition] as string) : `the condition is ${condition}`;
}

/** The refusal of an IQ or a presence. `what`: start of the sentence, "The room x refused the request to join". */
export function refusedBy(code: string, what: string, error: StanzaError): Failure {
	return { code, message: `${what}: ${inWords(error.condition)}.`, evidence: evidenceOf(error), end: endOf(error) };
}

/** For expectations: the condition is the code and also begins the reason, since the text after it may be in any language. */
export const endOf = (error: StanzaError) => ({
	code: error.condition,
	reason: evidenceOf({ ...error, type: undefined }),
});

/** Stream errors (RFC 6120, 4.9.3). `final`: a new attempt cannot succeed. */
const streamErrors: Record<string, { message: string; final?: boolean; code?: string; remedy?: string }> = {
	conflict: {
		code: 'conflict',
		message: 'Replaced by another connection with the same address and resource.',
		final: true,
		remedy: 'Leave the resource of the connection empty, so that each connection has its own.',
	},
	'not-authorized': {
		code: 'credentials-refused',
		message: 'The server ended the stream because it is not signed in.',
		final: true,
	},
	'host-unknown': {
		message: 'The server does not serve the domain of the address.',
		final: true,
		remedy: 'Check the part of the address after the @.',
	},
	'host-gone': { message: 'The server no longer serves the domain of the address.', final: true },
	'policy-violation': { message: 'The server ended the stream because of a policy violation.' },
	'connection-timeout': { message: 'The server ended the stream because it received nothing for too long.' },
	reset: { message: 'The server ended the stream so that it is negotiated again.' },
	'resource-constraint': { message: 'The server ended the stream because it is too busy.' },
	'system-shutdown': { message: 'The server ended the stream because it is shutting down.' },
	'unsupported-version': { message: 'The server requires another version of XMPP.', final: true },
};

/** The failure of a stream error (RFC 6120, section 4.9). A redirection is reported and never followed. */
export function streamFailure(element: Element): Failure {
	const error = errorOf(element);
	const evidence = evidenceOf({ ...error, type: undefined });
	if (error.condition === 'see-other-host') return redirected(child(element, 'see-other-host')?.text ?? '');
	const known = Object.hasOwn(streamErrors, error.condition) ? streamErrors[error.condition] : undefined;
	const { code, message, final, remedy } = known ?? { message: 'The server ended the stream with an error.' };
	return {
		code: code ?? 'stream-error',
		message,
		final,
		evidence,
		remedy: remedy ? { text: remedy } : undefined,
		end: endOf(error),
	};
}

/** A redirection to another host (RFC 6120, 4.9.3.19) or WebSocket (RFC 7395, 3.6.1). */
export function redirected(to: string): Failure {
	const other = peerText(to, { most: 200 });
	return {
		code: 'redirected',
		message: `The server redirects to another host, "${other}". The redirection was not followed.`,
		evidence: `see-other-host: ${other}`,
		remedy: { text: 'If you trust that host, use it in the URL of the connection.' },
		final: true,
	};
}
