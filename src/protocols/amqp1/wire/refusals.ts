import type { Failure } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';

/** An error as rhea decodes one (AMQP 1.0, part 2, section 2.8.14). Its members come from the server: any type is possible. */
export interface PeerError {
	condition?: unknown;
	description?: unknown;
	info?: unknown;
}

const textOf = (value: unknown, most: number): string => (typeof value === 'string' ? peerText(value, { most }) : '');

/** Condition and description of an error, cleaned. */
export function errorWords(error: PeerError | undefined): { condition: string; description: string } {
	return { condition: textOf(error?.condition, 100), description: textOf(error?.description, 300) };
}

/** The condition and description as one text: "amqp:not-found: no queue". */
export function errorText(error: PeerError | undefined): string {
	const { condition, description } = errorWords(error);
	return [condition, description].filter((part) => part !== '').join(': ') || 'no reason given';
}

/** In sentences: "to "orders"" follows. */
const reasons: Readonly<Record<string, [code: string, words: string]>> = {
	'amqp:not-found': ['not-found', 'there is nothing with this address'],
	'amqp:unauthorized-access': ['access-refused', 'the user has no permission for it'],
	'amqp:not-allowed': ['not-allowed', 'the server does not allow it'],
	'amqp:not-implemented': ['not-implemented', 'the server does not support it'],
	'amqp:resource-locked': ['locked', 'another client has exclusive use of it'],
	'amqp:resource-deleted': ['resource-deleted', 'it was deleted'],
	'amqp:resource-limit-exceeded': ['limit-exceeded', 'a limit of the server was exceeded'],
	'amqp:precondition-failed': ['precondition-failed', 'a precondition is not met'],
	'amqp:invalid-field': ['invalid-field', 'the server does not accept one of the values'],
	'amqp:illegal-state': ['illegal-state', 'it is in a state that does not allow this'],
	'amqp:decode-error': ['decode-error', 'the server could not read it'],
	'amqp:frame-size-too-small': ['frame-size', 'the server’s frames are too small for it'],
	'amqp:internal-error': ['internal-error', 'the server has a fault of its own'],
	'amqp:link:detach-forced': ['detach-forced', 'an administrator of the server ended it'],
	'amqp:link:transfer-limit-exceeded': ['credit-exceeded', 'more was sent than the server had asked for'],
	'amqp:link:message-size-exceeded': ['too-large', 'a message is larger than the server accepts'],
	'amqp:link:stolen': ['stolen', 'another client has taken over the link'],
	'amqp:link:redirect': ['redirected', 'the server answered with a redirect, which is shown and not followed'],
	'amqp:connection:redirect': ['redirected', 'the server answered with a redirect, which is shown and not followed'],
	'amqp:connection:forced': ['connection-forced', 'an administrator of the server ended it'],
	'amqp:connection:framing-error': ['framing-error', 'the server could not read a frame'],
	'amqp:session:window-violation': ['window-violation', 'more was sent than the session allows'],
	'amqp:session:errant-link': ['errant-link', 'a frame was for a link that had ended'],
};

function failureOf(error: PeerError | undefined, known: string, other: string): Failure {
	const { condition, description } = errorWords(error);
	const [code, words] = reasons[condition] ?? ['refused-by-server', 'the server gave a reason of its own'];
	const end = { ...(condition && { code: condition }), ...(description && { reason: description }) };
	const redirect = code === 'redirected' ? `\n${infoText(error?.info)}` : '';
	return {
		code: condition === '' ? 'closed-by-server' : code,
		message: condition === '' && description === '' ? other : `${known}: ${words}.`,
		evidence: errorText(error) + redirect,
		end,
	};
}

/** Where a redirect leads. */
function infoText(info: unknown): string {
	if (typeof info !== 'object' || info === null) return '';
	return Object.entries(info)
		.slice(0, 10)
		.map(([name, value]) => `${peerText(name, { most: 60 })}: ${peerText(String(value), { most: 200 })}`)
		.join('\n');
}

const quoted = (address: string) => `"${peerText(address, { most: 100 })}"`;

/** The failure for a link that the server refused or ended. `what`: "The server refused to send to". */
export function linkRefusal(error: PeerError | undefined, what: string, address: string): Failure {
	return failureOf(error, `${what} ${quoted(address)}`, `${what} ${quoted(address)} and gave no reason.`);
}

/** The failure for the server's close of the connection. `isOpen`: it had been opened before. */
export function connectionRefusal(error: PeerError | undefined, isOpen: boolean): Failure {
	const known = isOpen ? 'The server closed the connection' : 'The server refused to open the connection';
	const failure = failureOf(error, known, `${known} and gave no reason.`);
	const isFinal = !isOpen && ['access-refused', 'not-allowed', 'not-found', 'redirected'].includes(failure.code);
	return isFinal ? { ...failure, final: true } : failure;
}
