import { type Failure, FailureError } from '../../../base/failure';
import { Writer } from './bytes';

/** AMQP 0-9-1, section 4.2.3. */
export const frameType = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;
export const frameEnd = 0xce;
/** Type, channel, size in front; the end octet behind. */
export const frameOverhead = 8;

export const protocolHeader = Buffer.from('414d515000000901', 'hex');
export const heartbeat = Buffer.from([8, 0, 0, 0, 0, 0, 0, frameEnd]);

export function frame(type: number, channel: number, payload: Uint8Array): Buffer {
	const bytes = Buffer.allocUnsafe(payload.length + frameOverhead);
	bytes[0] = type;
	bytes.writeUInt16BE(channel, 1);
	bytes.writeUInt32BE(payload.length, 3);
	bytes.set(payload, 7);
	bytes[payload.length + 7] = frameEnd;
	return bytes;
}

/** A content header's class, weight and body size, before the properties (section 4.2.6.1). */
const headerSize = 12;

/**
 * Why a frame with this payload cannot be sent. A body is divided into frames; methods and content headers cannot be
 * (section 4.2.3), so what is in them is limited by the size that was agreed.
 */
export function frameTooLarge(what: string, payload: number, frameMax: number): Failure | undefined {
	const size = payload + frameOverhead;
	if (size <= frameMax) return undefined;
	return {
		code: 'frame-too-large',
		message: `${what} need a frame of ${size.toLocaleString('en')} bytes; the server accepts ${frameMax.toLocaleString('en')}, so nothing was sent.`,
		remedy: { text: 'Shorten them, or raise the largest frame of the server (frame_max).' },
	};
}

/** Why a message with these properties, as in `Basic`, cannot be sent. */
export const headTooLarge = (head: Uint8Array, frameMax: number): Failure | undefined =>
	frameTooLarge('The properties and headers of the message', headerSize + head.length, frameMax);

/** A message: its method, its properties as in `Basic`, its body in frames of at most `frameMax` bytes. */
export function content(
	channel: number,
	method: Uint8Array,
	head: Uint8Array,
	body: Uint8Array,
	frameMax: number,
): Buffer[] {
	const tooLarge = headTooLarge(head, frameMax);
	if (tooLarge) throw new FailureError(tooLarge);
	const header = new Writer().uint16(60).uint16(0).uint64(body.length).raw(head).done();
	const frames = [frame(frameType.method, channel, method), frame(frameType.header, channel, header)];
	const most = frameMax - frameOverhead;
	for (let at = 0; at < body.length; at += most)
		frames.push(frame(frameType.body, channel, body.subarray(at, at + most)));
	return frames;
}
