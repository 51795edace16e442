import type WebSocket from 'ws';
import { type Failure, toFailure } from '../../../base/failure';
import { bytes } from '../describe/words';

/** What ws 8 knows of a frame that it refused; its errors do not tell. */
interface Receiver {
	_totalPayloadLength?: unknown;
}

/** The server broke the protocol or a limit, by the codes of ws (its `receiver.js`). */
export function protocolFailure(error: Error & { code?: string }, socket: WebSocket, limit: number): Failure {
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
			const declared = (socket as unknown as { _receiver?: Receiver })._receiver?._totalPayloadLength;
			if (typeof declared === 'number' && declared > limit)
				return {
					code: 'message-too-large',
					message: `The server sent a message of ${bytes(declared)} or more, and the limit is ${bytes(limit)}.`,
					evidence,
					remedy: raise,
				};
			const compressed = typeof declared === 'number' ? bytes(declared) : 'fewer bytes';
			return {
				code: 'message-too-large',
				message: `The server sent a message that grows from ${compressed} compressed to more than the limit of ${bytes(limit)}.`,
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
