import { type Failure, toFailure } from '../../../base/failure';

export function bytes(count: number): string {
	return `${count.toLocaleString('en-US')} bytes`;
}

/**
 * The server broke the protocol or a limit, by the error codes of ws. `declared`: bytes of the message as its frames
 * declare them, before they are decompressed; `limit`: bytes that are accepted.
 */
export function protocolFailure(error: Error & { code?: string }, declared: number, limit: number): Failure {
	const { evidence } = toFailure(error);
	const raise = { text: 'Raise "Largest message accepted" in the limits of the connection.' };
	switch (error.code) {
		case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
			return {
				code: 'message-too-large',
				message: `The server announced a message of more than 9,007,199,254,740,991 bytes, and the limit is ${bytes(limit)}.`,
				evidence,
			};
		case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH': {
			if (declared > limit)
				return {
					code: 'message-too-large',
					message: `The server sent a message of ${bytes(declared)} or more, and the limit is ${bytes(limit)}.`,
					evidence,
					remedy: raise,
				};
			return {
				code: 'message-too-large',
				message: `The server sent a message that grows from ${bytes(declared)} compressed to more than the limit of ${bytes(limit)}.`,
				evidence,
				remedy: raise,
			};
		}
		case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
			return { code: 'too-many-parts', message: 'The server sent a message in too many fragments.', evidence };
		case 'WS_ERR_INVALID_UTF8':
			return {
				code: 'protocol-violation',
				message: 'The server sent a text message that is not valid UTF-8.',
				evidence,
			};
		default:
			return {
				code: 'protocol-violation',
				message: 'The server sent something that is not valid WebSocket, so the connection was ended.',
				evidence,
			};
	}
}
