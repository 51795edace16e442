import type WebSocket from 'ws';
import type { Unfinished } from '../../adapter';

/** What ws 8 knows of the frame that it reads (its `receiver.js`). Its interface does not tell. */
interface Receiver {
	/** 0: between two frames. 4: the head of a frame is read and its payload is not whole. */
	_state?: unknown;
	_opcode?: unknown;
	_fin?: unknown;
	/** Opcode of the message whose fragments are being received; 0: none. */
	_fragmented?: unknown;
	_bufferedBytes?: unknown;
	_payloadLength?: unknown;
	/** Of the fragments: as declared so far, and as received in whole frames. */
	_totalPayloadLength?: unknown;
	_messageLength?: unknown;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const payloadState = 4;
const firstControl = 8;

/** Follows the message of which ws has a part, whether in one frame or in fragments (RFC 6455, 5.4). */
export function followUnfinished(socket: WebSocket) {
	const receiver = (): Receiver => (socket as unknown as { _receiver?: Receiver | null })._receiver ?? {};
	let since: number | undefined;
	let whole = false;
	const isIdle = ({ _state, _bufferedBytes, _fragmented }: Receiver) =>
		number(_state) + number(_bufferedBytes) + number(_fragmented) === 0;

	return {
		/** A message has come. */
		received() {
			whole = true;
		},
		/** A ping or pong has come, perhaps between the fragments of a message. */
		controlReceived() {
			whole ||= number(receiver()._fragmented) === 0;
		},
		/** After each read: what is not whole now began before it only if no message came with it. */
		read() {
			if (isIdle(receiver())) since = undefined;
			else if (whole || since === undefined) since = performance.now();
			whole = false;
		},
		unfinished(): Unfinished | undefined {
			const known = receiver();
			if (since === undefined || isIdle(known)) return undefined;
			const bytes = number(known._messageLength) + number(known._bufferedBytes);
			if (known._state !== payloadState || known._fin !== true) return { since, bytes };
			const isControl = number(known._opcode) >= firstControl;
			return { since, bytes, size: number(isControl ? known._payloadLength : known._totalPayloadLength) };
		},
	};
}
