import { type FailureError, fail } from '../../../base/failure';
import { tooLarge } from '../../shared/failures';
import { createFramer, type Framer } from '../../shared/frames';
import { maxTarget } from '../describe/targets';

/** Types of frames. The server sends those from 0x81 on. */
export const frameType = {
	hello: 1,
	login: 2,
	subscribe: 3,
	unsubscribe: 4,
	publish: 5,
	ping: 6,
	accepted: 0x81,
	refused: 0x82,
	message: 0x83,
} as const;

export interface Frame {
	type: number;
	urgent: boolean;
	/** The answer to a request has its id; 0 in a message. */
	id: number;
	target: string;
	payload: Uint8Array;
}

/** Bytes of the length, which counts what comes after it, and of the fields in front of the target. */
const lengthSize = 4;
const headSize = 8;

export const violation = (message: string, evidence?: string): FailureError =>
	fail('protocol-violation', message, { evidence });

export function encode({ type, urgent, id, target, payload }: Frame): Buffer {
	const targetBytes = Buffer.from(target);
	const head = Buffer.alloc(lengthSize + headSize);
	head.writeUInt32BE(headSize + targetBytes.length + payload.length);
	head[4] = type;
	head[5] = urgent ? 1 : 0;
	head.writeUInt32BE(id, 6);
	head.writeUInt16BE(targetBytes.length, 10);
	return Buffer.concat([head, targetBytes, payload]);
}

/**
 * Cuts the stream of the server into frames. `push` throws for a frame whose payload may exceed `limit` bytes, before it is
 * kept, and for one that is malformed. A payload is valid until `receive` returns.
 */
export function readFrames(limit: number, receive: (frame: Frame) => void): Framer {
	const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
	return createFramer({
		size(bytes, at) {
			if (bytes.length < at + lengthSize) return 0;
			const length = bytes.readUInt32BE(at);
			if (length < headSize) throw violation('The server sent a frame without a head.', `length ${length}`);
			if (length > headSize + maxTarget + limit) throw tooLarge('server', 'a frame', length, limit);
			return lengthSize + length;
		},
		frame(bytes, start, end) {
			const targetAt = start + lengthSize + headSize;
			const payloadAt = targetAt + bytes.readUInt16BE(start + 10);
			if (payloadAt > end) throw violation('The server sent a target that is longer than its frame.');
			receive({
				type: bytes.readUInt8(start + 4),
				urgent: bytes[start + 5] === 1,
				id: bytes.readUInt32BE(start + 6),
				target: text(bytes.subarray(targetAt, payloadAt)),
				payload: bytes.subarray(payloadAt, end),
			});
		},
	});

	function text(bytes: Buffer): string {
		try {
			return decoder.decode(bytes);
		} catch {
			throw violation('The server sent a target that is not valid UTF-8.', bytes.toString('hex', 0, 16));
		}
	}
}
