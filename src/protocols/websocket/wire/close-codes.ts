import type { Failure } from '../../../base/failure';
import { isErrno } from '../../shared/dial/socket-failures';
import { peerText } from '../../shared/peer-text';

/** Meanings of close codes by RFC 6455, section 7.4.1, and the IANA registry. */
const meanings: Record<number, string> = {
	1000: 'normal closure',
	1001: 'going away',
	1002: 'protocol error',
	1003: 'unsupported data',
	1005: 'no close code',
	1007: 'invalid message data',
	1008: 'policy violation',
	1009: 'message too big',
	1010: 'a required extension is missing',
	1011: 'internal server error',
	1012: 'service restart',
	1013: 'try again later',
	1014: 'bad gateway',
	3000: 'unauthorized',
	3003: 'forbidden',
	3008: 'timeout',
};

/** Private codes that many servers derive from HTTP status codes: 4401 stands for 401. */
const borrowed: Record<number, string> = {
	4400: 'bad request',
	4401: 'unauthorized',
	4403: 'forbidden',
	4404: 'not found',
	4408: 'timeout',
	4409: 'conflict',
	4429: 'too many requests',
};

const signIn = new Set([3000, 3003, 4401, 4403]);
/** Codes of a normal end (RFC 6455, 7.4.1). */
const normal = new Set([1000, 1001, 1005]);
/** Codes that the same request would get again. */
const final = new Set([...signIn, 1008, 1010, 4400, 4404, 4409]);

export function closeWords(code: number): string {
	if (meanings[code]) return `${code}, ${meanings[code]}`;
	if (borrowed[code]) return `${code}, probably: ${borrowed[code]}`;
	return `${code}, ${code >= 4000 ? 'a code of this server' : 'a code without a registered meaning'}`;
}

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

/** The failure for 1006, which is never sent: TCP ended without a close frame (section 7.1.5), or was reset. */
export function dropped(evidence: string, error?: Error): Failure {
	const end = { code: '1006' };
	if (isErrno(error) && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
		return { code: 'reset', message: 'The server reset the connection without a close frame.', evidence, end };
	return { code: 'dropped', message: 'The connection dropped without a close frame.', evidence, end };
}
