import { fail } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { uint32At } from './bytes';
import { frameEnd, frameOverhead, frameType } from './frames';

/** One frame, whose payload is `bytes` from `start` to `end`. Valid only until the function returns. */
export type OnFrame = (type: number, channel: number, bytes: Buffer, start: number, end: number) => void;

/** A violation of the specification by the server. It ends the link, since the rest of the stream cannot be trusted. */
export function broken(message: string, evidence?: string) {
	return fail('protocol-violation', message, { evidence });
}

export interface FrameReader {
	push(chunk: Buffer): void;
	/** The frame of which only a part has arrived. */
	unfinished(): Unfinished | undefined;
}

/**
 * Cuts a stream into frames (AMQP 0-9-1, section 4.2.3), wherever TCP divides it. Throws a FailureError before it buffers
 * a frame of more than `maxFrame()` bytes, and must not be used after that.
 */
export function createFrameReader(maxFrame: () => number, onFrame: OnFrame): FrameReader {
	let parts: Buffer[] = [];
	let have = 0;
	/** Bytes of `parts` below which no frame can be complete. */
	let need = 0;
	/** When the frame in `parts` began. */
	let since = 0;

	function push(chunk: Buffer): void {
		let bytes = chunk;
		let began = have === 0;
		if (have > 0) {
			parts.push(chunk);
			have += chunk.length;
			if (have < need) return;
			bytes = Buffer.concat(parts, have);
			parts = [];
			have = 0;
		}
		const length = bytes.length;
		let at = 0;
		while (length - at >= 7) {
			const type = bytes[at] as number;
			if (type !== frameType.body && type !== frameType.method && type !== frameType.header)
				if (type !== frameType.heartbeat)
					throw broken(
						`The server sent a frame of the unknown type ${type} (AMQP 0-9-1, 4.2.3).`,
						`first bytes ${bytes.subarray(at, at + 16).toString('hex')}`,
					);
			const size = uint32At(bytes, at + 3);
			if (size + frameOverhead > maxFrame())
				throw fail(
					'frame-too-large',
					`The server announced a frame of ${size.toLocaleString('en')} bytes; ${maxFrame().toLocaleString('en')} were agreed.`,
				);
			const end = at + 7 + size;
			if (end >= length) break;
			if (bytes[end] !== frameEnd) throw broken('The server sent a frame without its end octet (AMQP 0-9-1, 4.2.3).');
			onFrame(type, ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number), bytes, at + 7, end);
			at = end + 1;
			began = true;
		}
		if (at >= length) return;
		if (began) since = performance.now();
		const rest = at === 0 ? bytes : bytes.subarray(at);
		need = rest.length >= 7 ? rest.readUInt32BE(3) + frameOverhead : 7;
		parts.push(rest);
		have = rest.length;
	}

	return {
		push,
		unfinished: () => (have > 0 ? { since, bytes: have, size: have >= 7 ? need : undefined } : undefined),
	};
}
