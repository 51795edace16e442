import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type WebSocket from 'ws';
import { fail } from '../../base/failure';
import type { Draft, Receipt } from '../../model/contracts/message';
import type { Prepared } from '../adapter';
import { wsFlag } from './describe/flags';
import { longestPing } from './describe/verbs';
import { bytes } from './describe/words';

/** What may wait for a peer that does not read, before more is refused. Bytes. */
const mostWaiting = 32 * 1024 * 1024;
/** How long a pong may take before the receipt says that none came. Milliseconds. */
const pongWithin = 10_000;

export interface PreparedFrame extends Prepared {
	payload: Uint8Array;
}

export interface Sending {
	/** Throws what is wrong with the draft. */
	prepare(draft: Draft): PreparedFrame;
	/** Throws `not-open`. */
	send(prepared: PreparedFrame): Promise<Receipt>;
	/** A pong has come. True if it answers a ping of the user. */
	pong(payload: Buffer): boolean;
	/** The link has gone: what is not proven yet is unknown now. */
	stop(): void;
}

/** `stream` is what `socket` stands on. */
export function createSending(socket: WebSocket, stream: Socket): Sending {
	/** Each settles its receipt as unknown. */
	const open = new Set<() => void>();
	const pings: { payload: Uint8Array; answered(): void }[] = [];

	function requireOpen(): void {
		if (socket.readyState !== socket.OPEN) throw fail('not-open', 'The connection is not open.');
	}

	function flagsOf({ verb, payload, values }: Draft): number {
		requireOpen();
		if (verb === 'ping') {
			if (payload.length > longestPing)
				throw fail(
					'ping-too-long',
					`A ping carries at most ${bytes(longestPing)}, and this one has ${bytes(payload.length)}.`,
				);
			return wsFlag.ping;
		}
		if (verb !== 'send') throw fail('bad-verb', 'WebSocket can send a message or a ping, nothing else.');
		if (socket.bufferedAmount > 0 && socket.bufferedAmount + payload.length > mostWaiting)
			throw fail(
				'not-reading',
				`The server does not read: ${bytes(socket.bufferedAmount)} are waiting, and with this message they would exceed ${bytes(mostWaiting)}.`,
				{ remedy: { text: 'Wait, or send less.' } },
			);
		const type = values.type ?? 'text';
		if (type === 'binary') return wsFlag.binary;
		if (type !== 'text') throw fail('bad-type', 'The type of a WebSocket message is text or binary.');
		if (!isUtf8(payload))
			throw fail('not-utf8', 'A text message must be valid UTF-8, and this payload is not.', {
				remedy: { text: 'Send it as binary.' },
			});
		return 0;
	}

	/** One receipt that is settled exactly once. `begin` is given what settles it. */
	function receipt(begin: (settle: (receipt: Receipt) => void, ms: () => number) => () => void): Promise<Receipt> {
		return new Promise((resolve) => {
			const start = performance.now();
			const ms = () => Math.round((performance.now() - start) * 10) / 10;
			let end = () => {};
			const settle = (result: Receipt) => {
				open.delete(lost);
				end();
				resolve(result);
			};
			const lost = () =>
				settle({
					proof: 'unknown',
					text: 'The connection ended before this had left: it may or may not have arrived.',
					ms: ms(),
				});
			open.add(lost);
			end = begin(settle, ms);
		});
	}

	function message({ payload, flags }: PreparedFrame): Promise<Receipt> {
		return receipt((settle, ms) => {
			socket.send(payload, { binary: (flags & wsFlag.binary) !== 0 }, (error) => {
				// Node calls back without an error for a write that was cut off by destroying the socket. What became of
				// it is not known then; the link's end settles it.
				if (error || stream.destroyed) return;
				settle({
					proof: 'handed-over',
					text: `handed to the network in ${ms()} ms (WebSocket has no acknowledgement)`,
					ms: ms(),
				});
			});
			return () => {};
		});
	}

	function ping(payload: Uint8Array): Promise<Receipt> {
		return receipt((settle, ms) => {
			const entry = {
				payload,
				answered: () => settle({ proof: 'acknowledged', text: `pong after ${ms()} ms`, ms: ms() }),
			};
			pings.push(entry);
			const timer = setTimeout(
				() => settle({ proof: 'handed-over', text: `no pong within ${pongWithin / 1000} s`, ms: ms() }),
				pongWithin,
			);
			socket.ping(payload);
			return () => {
				clearTimeout(timer);
				const at = pings.indexOf(entry);
				if (at >= 0) pings.splice(at, 1);
			};
		});
	}

	return {
		prepare: (draft) => ({ flags: flagsOf(draft), payload: draft.payload }),
		async send(prepared) {
			requireOpen();
			return (prepared.flags & wsFlag.ping) !== 0 ? ping(prepared.payload) : message(prepared);
		},
		pong(payload) {
			const entry = pings.find((one) => payload.equals(one.payload));
			entry?.answered();
			return entry !== undefined;
		},
		stop() {
			for (const lost of [...open]) lost();
		},
	};
}
