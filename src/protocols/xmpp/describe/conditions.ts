import type { Failure } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { attribute, child, type Element, namespaces } from '../wire/xml';
import type { StanzaError } from './stanza-meta';

const own: readonly string[] = [namespaces.stanzas, namespaces.streams, namespaces.sasl];

/** The condition, its text, and the application's own element, of any of XMPP's errors (RFC 6120, 4.9, 6.5 and 8.3). */
export function errorOf(error: Element | undefined): StanzaError {
	const condition = error?.children.find((one) => own.includes(one.ns) && one.name !== 'text');
	const text = child(error, 'text')?.text;
	const application = error?.children.find((one) => !own.includes(one.ns) && one.name !== 'text');
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
	const words = [type ? `${condition} (${type})` : condition, application].filter((one) => one).join(', ');
	return text ? `${words}: ${text}` : words;
}

const words: Record<string, string> = {
	'bad-request': 'it did not understand the request',
	conflict: 'the name is taken already',
	'feature-not-implemented': 'it cannot do this',
	forbidden: 'you may not do this',
	gone: 'it has gone',
	'internal-server-error': 'it made a mistake of its own',
	'item-not-found': 'there is no such thing',
	'jid-malformed': 'the address is malformed',
	'not-acceptable': 'it does not accept it so',
	'not-allowed': 'nobody may do this',
	'not-authorized': 'you must be let in first',
	'payment-required': 'it must be paid for',
	'policy-violation': 'a rule of the service forbids it',
	'recipient-unavailable': 'the recipient is not there now',
	redirect: 'it is elsewhere',
	'registration-required': 'you must be registered or a member',
	'remote-server-not-found': 'there is no such server',
	'remote-server-timeout': 'the other server does not answer',
	'resource-constraint': 'it is too busy',
	'service-unavailable': 'nobody there does this',
	'subscription-required': 'you must be subscribed first',
	'undefined-condition': 'it does not say why',
	'unexpected-request': 'it did not expect this now',
};

/** What a condition of a stanza means, as the end of a sentence. */
export function inWords(condition: string): string {
	return Object.hasOwn(words, condition) ? (words[condition] as string) : `it says ${condition}`;
}

/** The refusal of an IQ or a presence as a failure. `what`: the start of the sentence, "The room x refused to let us in". */
export function refusedBy(code: string, what: string, error: StanzaError): Failure {
	return { code, message: `${what}: ${inWords(error.condition)}.`, evidence: evidenceOf(error), end: endOf(error) };
}

/** The condition is the code, and begins the reason, since the text behind it is in any language. */
export const endOf = (error: StanzaError) => ({
	code: error.condition,
	reason: evidenceOf({ ...error, type: undefined }),
});

/** Ends of a stream that trying again cannot help (RFC 6120, 4.9.3); the rest may pass. */
const streamWords: Record<string, { message: string; final?: boolean; code?: string; remedy?: string }> = {
	conflict: {
		code: 'conflict',
		message: 'Another connection has taken our place: it uses the same address and resource.',
		final: true,
		remedy: 'Leave the resource of the connection empty, so that each has its own.',
	},
	'not-authorized': {
		code: 'credentials-refused',
		message: 'The server ended the stream: we are not signed in.',
		final: true,
	},
	'host-unknown': {
		message: 'The server does not serve the domain of the address.',
		final: true,
		remedy: 'Check the part of the address after the @.',
	},
	'host-gone': { message: 'The server does not serve the domain of the address any more.', final: true },
	'policy-violation': { message: 'The server ended the stream: a rule of it was broken.' },
	'connection-timeout': { message: 'The server ended the stream: it had heard nothing from us for too long.' },
	reset: { message: 'The server ended the stream: it must be set up anew.' },
	'resource-constraint': { message: 'The server ended the stream: it is too busy.' },
	'system-shutdown': { message: 'The server ended the stream: it is shut down.' },
	'unsupported-version': { message: 'The server speaks another version of XMPP.', final: true },
};

/** Why a server ended the stream (RFC 6120, section 4.9). A redirection is told and never followed. */
export function streamFailure(element: Element): Failure {
	const error = errorOf(element);
	const evidence = evidenceOf({ ...error, type: undefined });
	if (error.condition === 'see-other-host') return redirected(child(element, 'see-other-host')?.text ?? '');
	const known = Object.hasOwn(streamWords, error.condition) ? streamWords[error.condition] : undefined;
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

/** To another host (RFC 6120, 4.9.3.19) or WebSocket (RFC 7395, 3.6.1). */
export function redirected(to: string): Failure {
	const other = peerText(to, { most: 200 });
	return {
		code: 'redirected',
		message: `The server sends us to another host, "${other}", and was not followed.`,
		evidence: `see-other-host: ${other}`,
		remedy: { text: 'If you trust that host, put it into the URL.' },
		final: true,
	};
}
