import { type Failure, type FailureError, fail } from '../../base/failure';

/** How a protocol calls its peer in sentences. */
export type PeerWord = 'broker' | 'server';

const count = (bytes: number) => bytes.toLocaleString('en-US');
const seconds = (ms: number) => Math.round(ms / 100) / 10;

export const cancelled = (): FailureError => fail('cancelled', 'The connection attempt was cancelled.');

export const notOpen = (): FailureError => fail('not-open', 'The connection is not open, so nothing was sent.');

/** The peer has ended the connection without giving a reason. Code: `closed-by-broker` or `closed-by-server`. */
export function closedByPeer(peer: PeerWord, evidence?: string): Failure {
	return { code: `closed-by-${peer}`, message: `The ${peer} closed the connection.`, ...(evidence && { evidence }) };
}

/** The server has ended the connection without a word, as one does that expects TLS, or none. The schemes: with and without TLS. */
export const unanswered = (secure: string, plain: string): Failure => ({
	code: 'closed-by-server',
	message: 'The server closed the connection before it sent anything.',
	remedy: { text: `Check the port, and whether the URL must start with ${secure}:// or ${plain}://.` },
});

/** The peer has sent nothing for `waited` milliseconds after a ping. */
export function silent(peer: PeerWord, waited: number, evidence?: string): Failure {
	const message = `The ${peer} answered nothing for ${seconds(waited)} s after a ping, so the connection was ended.`;
	return { code: 'silent', message, ...(evidence && { evidence }) };
}

/** `what` is announced or sent with `size` bytes: "a packet". */
export function tooLarge(peer: PeerWord, what: string, size: number, limit: number): FailureError {
	const message = `The ${peer} announced ${what} of ${count(size)} bytes; ${count(limit)} are accepted.`;
	return fail('message-too-large', message, {
		remedy: { text: 'Raise "Largest message accepted" of the connection if this is what you expect.' },
	});
}

/** Bytes that may wait for a peer that does not read, before more is refused. */
export const maxWaiting = 32 * 1024 * 1024;

/** Throws `not-reading` where a message of `size` bytes would make more than `maxWaiting` wait. */
export function refuseWhenFull(peer: PeerWord, waiting: number, size: number): void {
	if (waiting === 0 || waiting + size <= maxWaiting) return;
	throw fail(
		'not-reading',
		`The ${peer} does not read: ${count(waiting)} bytes are waiting, and with this message they would exceed ${count(maxWaiting)} bytes.`,
		{ remedy: { text: 'Wait, or send less.' } },
	);
}
