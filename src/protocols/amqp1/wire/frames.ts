import { type FailureError, fail } from '../../../base/failure';
import { createFramer, type Framer } from '../../shared/frames';
import { Malformed } from './codec/values';

/** Bytes of a frame in front of its body, if it has no extended header; and bytes of a protocol header. */
export const frameHead = 8;
/** The largest frame that the server may send. */
export const ownFrameMax = 262_144;

export const frameType = { amqp: 0, sasl: 1 } as const;

export const broken = (message: string, evidence?: string): FailureError =>
	fail('protocol-violation', message, { evidence });

export interface FrameListener {
	/** Whether a protocol header comes next, and not a frame. */
	expectsHeader(): boolean;
	header(bytes: Buffer): void;
	/** `start` and `end`: of the body; `first`: of the frame. */
	frame(type: number, channel: number, bytes: Buffer, start: number, end: number, first: number): void;
}

/**
 * Cuts the stream into protocol headers and frames. Throws a FailureError for a frame that is larger than announced at opening,
 * before it is kept, and for one that cannot be read.
 */
export function createFrameReader(listener: FrameListener): Framer {
	return createFramer({
		size(bytes, at) {
			if (bytes.length < at + frameHead) return 0;
			if (listener.expectsHeader()) return frameHead;
			const size = bytes.readUInt32BE(at);
			if (size < frameHead) throw broken('The server sent a frame without a head.', `size ${size}`);
			if (size > ownFrameMax)
				throw broken(
					`The server announced a frame of ${size.toLocaleString('en')} bytes; the connection allows ${ownFrameMax.toLocaleString('en')}.`,
				);
			return size;
		},
		frame(bytes, start, end) {
			if (listener.expectsHeader()) {
				listener.header(bytes.subarray(start, end));
				return;
			}
			const body = start + 4 * (bytes[start + 4] as number);
			if (body < start + frameHead || body > end)
				throw broken('The server sent a frame whose data offset is wrong.', `data offset ${bytes[start + 4]}`);
			try {
				listener.frame(bytes[start + 5] as number, bytes.readUInt16BE(start + 6), bytes, body, end, start);
			} catch (error) {
				if (!(error instanceof Malformed)) throw error;
				throw broken('The server sent a frame that cannot be read.', error.message);
			}
		},
	});
}
