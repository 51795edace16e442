import { fail } from '../../../base/failure';
import { createFramer, type Framer } from '../../shared/frames';
import { uint32At } from './bytes';
import { frameEnd, frameOverhead, frameType } from './frames';

/** One frame, whose payload is `bytes` from `start` to `end`. Valid only until the function returns. */
export type OnFrame = (type: number, channel: number, bytes: Buffer, start: number, end: number) => void;

/** A violation of the specification by the server. It ends the link, since the rest of the stream cannot be trusted. */
export function broken(message: string, evidence?: string) {
	return fail('protocol-violation', message, { evidence });
}

/** Bytes of a frame before its payload: type, channel and size. */
const headSize = 7;

/**
 * Cuts a stream into frames (AMQP 0-9-1, section 4.2.3). Throws a FailureError before it buffers a frame of more than
 * `maxFrame()` bytes, and must not be used after that.
 */
export function createFrameReader(maxFrame: () => number, onFrame: OnFrame): Framer {
	function size(bytes: Buffer, at: number): number {
		if (at + headSize > bytes.length) return 0;
		const type = bytes[at] as number;
		if (type !== frameType.body && type !== frameType.method && type !== frameType.header)
			if (type !== frameType.heartbeat)
				throw broken(
					`The server sent a frame of the unknown type ${type} (AMQP 0-9-1, 4.2.3).`,
					`first bytes ${bytes.subarray(at, at + 16).toString('hex')}`,
				);
		const payload = uint32At(bytes, at + 3);
		if (payload + frameOverhead > maxFrame())
			throw fail(
				'frame-too-large',
				`The server announced a frame of ${payload.toLocaleString('en')} bytes; ${maxFrame().toLocaleString('en')} were agreed.`,
			);
		return payload + frameOverhead;
	}

	function frame(bytes: Buffer, start: number, end: number): void {
		if (bytes[end - 1] !== frameEnd) throw broken('The server sent a frame without its end octet (AMQP 0-9-1, 4.2.3).');
		const channel = ((bytes[start + 1] as number) << 8) | (bytes[start + 2] as number);
		onFrame(bytes[start] as number, channel, bytes, start + headSize, end - 1);
	}

	return createFramer({ size, frame });
}
