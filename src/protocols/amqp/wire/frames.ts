import { type Failure, FailureError } from '../../../base/failure';

/** AMQP 0-9-1, section 4.2.3. */
export const frameType = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;
export const frameEnd = 0xce;
/** Bytes of a frame besides its payload: type, channel and size before it, the end octet after it. */
export const frameOverhead = 8;
/** Bytes of a content header before the properties: class, weight and body size (section 4.2.6.1). */
export const contentHeaderSize = 12;

export const heartbeat = Buffer.from([8, 0, 0, 0, 0, 0, 0, frameEnd]);

/** One frame whose payload consists of `parts`. */
export function frame(type: number, channel: number, ...parts: readonly Uint8Array[]): Buffer {
	const size = parts.reduce((sum, part) => sum + part.length, 0);
	const bytes = Buffer.allocUnsafe(size + frameOverhead);
	bytes[0] = type;
	bytes.writeUInt16BE(channel, 1);
	bytes.writeUInt32BE(size, 3);
	let at = 7;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	bytes[at] = frameEnd;
	return bytes;
}

/**
 * Why a frame with a payload of this size cannot be sent. Only a body may be divided; methods and content headers must
 * fit into the frame size that was agreed (section 4.2.3).
 */
export function frameTooLarge(subject: string, payload: number, frameMax: number): Failure | undefined {
	const size = payload + frameOverhead;
	if (size <= frameMax) return undefined;
	return {
		code: 'frame-too-large',
		message: `${subject} need a frame of ${size.toLocaleString('en')} bytes; the server accepts ${frameMax.toLocaleString('en')}, so nothing was sent.`,
		remedy: { text: 'Shorten them, or raise the largest frame of the server (frame_max).' },
	};
}

/** Why a message with these encoded properties (`writeBasic`) cannot be sent. */
export const headTooLarge = (head: Uint8Array, frameMax: number): Failure | undefined =>
	frameTooLarge('The properties and headers of the message', contentHeaderSize + head.length, frameMax);

export function throwIf(failure: Failure | undefined): void {
	if (failure) throw new FailureError(failure);
}
