import { type Failure, toFailure } from '../../../base/failure';
import { formatCount } from '../../../model/text/words';

/** The server broke the WebSocket protocol or a limit, by the error codes of ws. `limit`: bytes that are accepted. */
export function webSocketFault(error: Error & { code?: string }, limit: number): Failure {
	const { evidence } = toFailure(error);
	switch (error.code) {
		case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
		case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
			return {
				code: 'message-too-large',
				message: `The server sent a packet larger than the ${formatCount(limit)} bytes that are accepted.`,
				evidence,
				remedy: { text: 'Raise "Largest message accepted" in the limits of the connection.' },
			};
		case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
			return { code: 'too-many-parts', message: 'The server sent a message in too many fragments.', evidence };
		case 'WS_ERR_INVALID_UTF8':
			return { code: 'protocol-violation', message: 'The server sent a packet that is not valid UTF-8.', evidence };
		default:
			return {
				code: 'protocol-violation',
				message: 'The server sent something that is not valid WebSocket, so the connection was ended.',
				evidence,
			};
	}
}
