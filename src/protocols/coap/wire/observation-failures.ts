import { type Failure, fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { codeInWords, codeText, isSuccess } from '../describe/codes';
import type { Message } from './message';

/** `what`: "acknowledged the request to observe …, but did not answer it". */
export const noAnswer = (what: string): Failure =>
	fail('no-answer', `The server ${what} within the time that CoAP allows.`).failure;

/** The failure of a registration that was not acknowledged, or was answered by a reset. */
export const registrationFailure = (why: 'timeout' | 'reset' | 'stopped', target: string): Failure => {
	if (why === 'timeout') return noAnswer(`did not answer the request to observe "${target}"`);
	if (why === 'reset')
		return fail('rejected', `The server rejected the request to observe "${target}" with a reset.`).failure;
	return notOpen();
};

/** Also the silent reason for an observation that is dropped. */
export const notOpen = (): Failure => fail('not-open', 'The connection ended.').failure;

/**
 * The failure in a response that ends an observation, or refuses it: an error, or a representation without Observe. The
 * payload of an error is a diagnostic text (RFC 7252, 5.5.2), not a representation of the resource.
 */
export function endOfObservation(message: Message, target: string, isGranted: boolean): Failure {
	const code = codeText(message.code);
	const words = codeInWords(message.code);
	const diagnostic = isSuccess(message.code)
		? ''
		: peerText(Buffer.from(message.payload).toString('utf8'), { lines: true });
	const details = {
		...(diagnostic !== '' && { evidence: diagnostic }),
		end: { code, reason: diagnostic || words.slice(code.length + 1) },
	};
	const [failureCode, text] = isSuccess(message.code)
		? isGranted
			? ['observation-ended', `The server has removed this client from the observers of "${target}".`]
			: ['not-observable', `The server answered ${words} and does not offer to observe "${target}".`]
		: isGranted
			? ['observation-ended', `The server ended the observation of "${target}": ${words}.`]
			: ['refused-by-server', `The server refused to let "${target}" be observed: ${words}.`];
	return fail(failureCode, text, details).failure;
}
