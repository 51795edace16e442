import type { Failure } from '../../../base/failure';
import { closeWords } from '../../../model/text/close-words';
import { isErrno } from '../../shared/dial/socket-failures';
import { peerText } from '../../shared/peer-text';

const signIn = new Set([3000, 3003, 4401, 4403]);
/** Codes of a normal end (RFC 6455, 7.4.1). */
const normal = new Set([1000, 1001, 1005]);
/** Codes that the same request would get again. */
const final = new Set([...signIn, 1008, 1010, 4400, 4404, 4409]);

/** The failure for a close frame of the server. 1005 stands for a frame without a code (section 7.1.5). */
export function closedByServer(code: number, reason: string): Failure {
	const words = code === 1005 ? 'without a code' : `with code ${closeWords(code)}`;
	const text = peerText(reason, { most: 500, lines: true });
	return {
		code: signIn.has(code) ? 'credentials-refused' : 'closed-by-server',
		message: `The server closed the connection ${words}.`,
		...(reason === '' ? {} : { evidence: `Reason given by the server: ${text}` }),
		end: { code: String(code), ...(text !== '' && { reason: text }), normal: normal.has(code) },
		...(signIn.has(code) ? { remedy: { text: 'Check user name, password and token of the connection.' } } : {}),
		...(final.has(code) ? { final: true } : {}),
	};
}

/** The end after a close frame of the user, with the code of the server's answer; 1006 stands for no answer. */
export function closedByUser(sent: { code: number; reason: string }, code: number, reason: string): Failure {
	const text = peerText(reason, { most: 500, lines: true });
	const answer = code === 1006 ? 'The server did not answer.' : `The server answered with code ${closeWords(code)}.`;
	return {
		code: 'closed-by-user',
		message: `You closed the connection with code ${closeWords(sent.code)}. ${answer}`,
		...(text !== '' && { evidence: `Reason given by the server: ${text}` }),
		end: { code: String(code), ...(text !== '' && { reason: text }), normal: true },
		final: true,
	};
}

/** The failure for 1006, which is never sent: TCP ended without a close frame (section 7.1.5), or was reset. */
export function dropped(evidence: string, error?: Error): Failure {
	const end = { code: '1006' };
	if (isErrno(error) && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
		return { code: 'reset', message: 'The server reset the connection without a close frame.', evidence, end };
	return { code: 'dropped', message: 'The connection dropped without a close frame.', evidence, end };
}
