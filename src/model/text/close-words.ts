/** Meanings of the close codes of WebSocket by RFC 6455, section 7.4.1, and the IANA registry. */
const meanings: Record<number, string> = {
	1000: 'normal closure',
	1001: 'going away',
	1002: 'protocol error',
	1003: 'unsupported data',
	1005: 'no close code',
	1006: 'no close frame',
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

export function closeWords(code: number): string {
	if (meanings[code]) return `${code}, ${meanings[code]}`;
	if (borrowed[code]) return `${code}, probably: ${borrowed[code]}`;
	return `${code}, ${code >= 4000 ? 'a code of this server' : 'a code without a registered meaning'}`;
}
