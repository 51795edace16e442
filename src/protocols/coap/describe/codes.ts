/** Method codes (RFC 7252, 12.1.1; RFC 8132, 6) by the id of their verb. */
export const methods = {
	get: { code: 1, label: 'GET' },
	post: { code: 2, label: 'POST' },
	put: { code: 3, label: 'PUT' },
	delete: { code: 4, label: 'DELETE' },
	fetch: { code: 5, label: 'FETCH' },
	patch: { code: 6, label: 'PATCH' },
	ipatch: { code: 7, label: 'iPATCH' },
} as const;
export type Method = keyof typeof methods;

/** The method of a request's code; undefined for an empty message and for responses. */
export const methodOf = (code: number): Method | undefined =>
	(Object.keys(methods) as Method[]).find((method) => methods[method].code === code);

/** Names of response codes (IANA, CoAP Response Codes) by the code's byte: class × 32 + detail. */
const words = new Map<number, string>(
	Object.entries({
		'2.01': 'Created',
		'2.02': 'Deleted',
		'2.03': 'Valid',
		'2.04': 'Changed',
		'2.05': 'Content',
		'2.31': 'Continue',
		'4.00': 'Bad Request',
		'4.01': 'Unauthorized',
		'4.02': 'Bad Option',
		'4.03': 'Forbidden',
		'4.04': 'Not Found',
		'4.05': 'Method Not Allowed',
		'4.06': 'Not Acceptable',
		'4.08': 'Request Entity Incomplete',
		'4.09': 'Conflict',
		'4.12': 'Precondition Failed',
		'4.13': 'Request Entity Too Large',
		'4.15': 'Unsupported Content-Format',
		'4.22': 'Unprocessable Entity',
		'4.29': 'Too Many Requests',
		'5.00': 'Internal Server Error',
		'5.01': 'Not Implemented',
		'5.02': 'Bad Gateway',
		'5.03': 'Service Unavailable',
		'5.04': 'Gateway Timeout',
		'5.05': 'Proxying Not Supported',
		'5.08': 'Hop Limit Reached',
	}).map(([text, name]) => [codeOf(text), name]),
);

/** "2.05" as its byte. */
export function codeOf(text: string): number {
	const [kind = '0', detail = '0'] = text.split('.');
	return Number(kind) * 32 + Number(detail);
}

/** The byte as "2.05". */
export function codeText(code: number): string {
	return `${code >> 5}.${String(code & 31).padStart(2, '0')}`;
}

/** "2.05 Content"; for a method, its name. */
export function codeInWords(code: number): string {
	const method = Object.values(methods).find((known) => known.code === code);
	if (method) return method.label;
	const name = words.get(code) ?? (code >> 5 === 2 ? 'success' : code >> 5 === 4 ? 'client error' : 'server error');
	return code === 0 ? 'Empty' : `${codeText(code)} ${name}`;
}

export const isSuccess = (code: number) => code >> 5 === 2;
export const isResponse = (code: number) => code >> 5 >= 2 && code >> 5 <= 5;

/** In the order of their bits (RFC 7252, 3). */
export const types = ['CON', 'NON', 'ACK', 'RST'] as const;
export type MessageType = 0 | 1 | 2 | 3;

/** Codes that fit into the flags. Index 0 stands for any other code, which is in the message's head. */
const indexed = [-1, 0, ...Object.values(methods).map(({ code }) => code), ...words.keys()];
const requests = indexed.filter((code) => code < 32);
const responses = [-1, ...words.keys()];
const requestPlaces = placesIn(requests);
const responsePlaces = placesIn(responses);
const outBit = 1;

/** Bit 15 of a message's flags: a notification that arrived after a newer one (RFC 7641, 3.4). */
export const lateFlag = 1 << 15;

/** Bits 8–12: the code's index in the table of requests or responses; bits 13 and 14: the type. */
export function flagsOf(code: number, type: MessageType, out: boolean): number {
	return (((out ? requestPlaces : responsePlaces)[code] as number) << 8) | (type << 13);
}

/** The index of each code in a table; 0 if it is not there. */
function placesIn(table: readonly number[]): Uint8Array {
	return Uint8Array.from({ length: 256 }, (_, code) => Math.max(0, table.indexOf(code)));
}

/** The code's byte; undefined for a code that is in no table. */
export function codeIn(flags: number): number | undefined {
	const code = (flags & outBit ? requests : responses)[(flags >> 8) & 31];
	return code === undefined || code < 0 ? undefined : code;
}

export const typeIn = (flags: number): MessageType => ((flags >> 13) & 3) as MessageType;
