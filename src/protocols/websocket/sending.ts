import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type WebSocket from 'ws';
import { fail } from '../../base/failure';
import type { Draft, Receipt } from '../../model/contracts/message';
import { closeWords } from '../../model/text/close-words';
import { formatCount } from '../../model/text/words';
import type { Prepared } from '../adapter';
import { notOpen, refuseWhenFull } from '../shared/failures';
import { peerText } from '../shared/peer-text';
import { type OpenReceipt, Receipts } from '../shared/receipts';
import { type CloseMeta, wsFlag } from './describe/flags';
import { longestPing, longestReason } from './describe/verbs';

/** Time for a pong, in milliseconds, after which the receipt says that none came. */
const pongWithin = 10_000;

export interface PreparedFrame extends Prepared {
	payload: Uint8Array;
	meta?: CloseMeta;
}

export interface Sending {
	/** Throws why the draft cannot be sent. */
	prepare(draft: Draft): PreparedFrame;
	/** Throws `not-open`. */
	send(prepared: PreparedFrame): Promise<Receipt>;
	/** A pong has come. Returns whether it answers a ping of the user. */
	pong(payload: Buffer): boolean;
	/**
	 * The connection is closed, with the code and reason of the server's close frame, or with 1006. Returns the close frame
	 * of the user, if there was one.
	 */
	closed(code: number, reason: string): CloseMeta | undefined;
	/** The link has ended: receipts without proof become `unknown`. */
	stop(): void;
}

/** `stream` is the connection below `socket`. */
export function createSending(socket: WebSocket, stream: Socket): Sending {
	const receipts = new Receipts();
	let closing: { meta: CloseMeta; receipt: OpenReceipt } | undefined;
	const pings: { payload: Uint8Array; receipt: OpenReceipt }[] = [];

	function requireOpen(): void {
		if (socket.readyState !== socket.OPEN) throw notOpen();
	}

	function flagsOf({ verb, payload, values }: Draft): number {
		requireOpen();
		if (verb === 'ping') {
			if (payload.length > longestPing)
				throw fail(
					'ping-too-long',
					`A ping carries at most ${longestPing} bytes, and this one has ${formatCount(payload.length)} bytes.`,
				);
			return wsFlag.ping;
		}
		refuseWhenFull('server', socket.bufferedAmount, payload.length);
		if (values.type === 'binary') return wsFlag.binary;
		if (!isUtf8(payload))
			throw fail('not-utf8', 'A text message must be valid UTF-8, and this payload is not.', {
				remedy: { text: 'Send it as binary.' },
			});
		return 0;
	}

	/** Throws why a client may not send this close frame. */
	function closeOf({ values, payload }: Draft): PreparedFrame {
		requireOpen();
		const code = typeof values.code === 'number' ? values.code : 1000;
		const reason = typeof values.reason === 'string' ? values.reason : '';
		if (code !== 1000 && (code < 3000 || code > 4999))
			throw fail('bad-close-code', `A client may close with code 1000, or 3000 to 4999, but not with ${code}.`);
		const { length } = Buffer.from(reason);
		if (length > longestReason)
			throw fail(
				'reason-too-long',
				`The reason may have at most ${longestReason} bytes, and this one has ${formatCount(length)} bytes.`,
			);
		if (payload.length > 0)
			throw fail('has-payload', 'A close frame carries a code and a reason, but no payload.', {
				remedy: { text: 'Move the text to "Reason", and clear the payload.' },
			});
		const logged = { target: '', payload: Buffer.from(reason === '' ? String(code) : `${code} ${reason}`) };
		return { flags: wsFlag.close, payload, meta: { code, reason }, logged };
	}

	function sendClose(meta: CloseMeta): Promise<Receipt> {
		const receipt = receipts.open();
		closing = { meta, receipt };
		socket.close(meta.code, meta.reason);
		return receipt.promise;
	}

	function sendMessage({ payload, flags }: PreparedFrame): Promise<Receipt> {
		const receipt = receipts.open();
		socket.send(payload, { binary: (flags & wsFlag.binary) !== 0 }, (error) => {
			// Node reports no error for a write that was cut off by destroying the socket. Its fate is unknown then, and the
			// end of the link settles it.
			if (error || stream.destroyed) return;
			receipt.settle('handed-over', (ms) => `handed to the network in ${ms} ms (WebSocket has no acknowledgement)`);
		});
		return receipt.promise;
	}

	function sendPing(payload: Uint8Array): Promise<Receipt> {
		const receipt = receipts.open();
		const ping = { payload, receipt };
		pings.push(ping);
		receipt.within(pongWithin, () => receipt.settle('handed-over', `no pong within ${pongWithin / 1000} s`));
		receipt.onSettled(() => pings.splice(pings.indexOf(ping), 1));
		socket.ping(payload);
		return receipt.promise;
	}

	return {
		prepare: (draft) => (draft.verb === 'close' ? closeOf(draft) : { flags: flagsOf(draft), payload: draft.payload }),
		async send(prepared) {
			requireOpen();
			if (prepared.meta) return sendClose(prepared.meta);
			return (prepared.flags & wsFlag.ping) !== 0 ? sendPing(prepared.payload) : sendMessage(prepared);
		},
		pong(payload) {
			const ping = pings.find((pending) => payload.equals(pending.payload));
			ping?.receipt.settle('acknowledged', (ms) => `pong after ${ms} ms`);
			return ping !== undefined;
		},
		closed(code, reason) {
			if (!closing) return undefined;
			const { meta, receipt } = closing;
			if (code === 1006) receipt.settle('handed-over', (ms) => `no close frame from the server within ${ms} ms`);
			else
				receipt.settle(
					'answered',
					(ms) => `answered in ${ms} ms with code ${closeWords(code)}`,
					reason === '' ? undefined : peerText(reason, { most: 500, lines: true }),
				);
			return meta;
		},
		stop: () => receipts.lost(),
	};
}
