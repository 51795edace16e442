import { type Failure, toFailure } from '../../../base/failure';
import { closeWords } from '../../../model/text/close-words';
import { formatCount } from '../../../model/text/words';
import type { Peer } from '../dial/socket-failures';
import { closedByPeer, type PeerWord } from '../failures';
import { peerText } from '../peer-text';
import { linkFailure } from '../tls/failures';

/**
 * The server broke the protocol or a limit, by the error codes of ws. `limit`: bytes that are accepted; `declared`: bytes of the
 * message as its frames declare them, before they are decompressed, if that is known; `what`: "a packet".
 */
export function webSocketFault(
	error: Error & { code?: string },
	{ limit, declared, what = 'a message' }: { limit: number; declared?: number; what?: string },
): Failure {
	const { evidence } = toFailure(error);
	const bytes = (count: number) => `${formatCount(count)} bytes`;
	const tooLarge = (size: string) => ({
		...{ code: 'message-too-large', evidence },
		message: `The server sent ${what} ${size} the limit of ${bytes(limit)}.`,
		remedy: { text: 'Raise "Largest message accepted" in the limits of the connection.' },
	});
	switch (error.code) {
		case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
			return tooLarge('above');
		case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
			if (declared === undefined) return tooLarge('above');
			if (declared > limit) return tooLarge(`of ${bytes(declared)} or more, above`);
			return tooLarge(`that grows from ${bytes(declared)} compressed to more than`);
		case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
			return { code: 'too-many-parts', message: 'The server sent a message in too many fragments.', evidence };
		case 'WS_ERR_INVALID_UTF8':
			return { code: 'protocol-violation', message: `The server sent ${what} that is not valid UTF-8.`, evidence };
		default:
			return {
				code: 'protocol-violation',
				message: 'The server sent something that is not valid WebSocket, so the connection was ended.',
				evidence,
			};
	}
}

/** The end of a WebSocket: by the error of the socket, which ws does not pass on, else with a close code. */
export function webSocketClosed(code: number, reason: Buffer, error: unknown, peer: Peer, word: PeerWord): Failure {
	if (error) return linkFailure(error, peer);
	const words = reason.length > 0 ? `, "${peerText(reason.toString())}"` : '';
	return closedByPeer(word, `WebSocket close code ${closeWords(code)}${words}`);
}
