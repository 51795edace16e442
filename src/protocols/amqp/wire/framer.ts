import { fail } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { frameEnd, frameOverhead, frameType } from './frames';

/** One frame's payload is `bytes` from `start` to `end`; good until the function returns. */
export type OnFrame = (type: number, channel: number, bytes: Buffer, start: number, end: number) => void;

/** What a server did against the specification, in one sentence. Ends the link: nothing after it can be trusted. */
export function broken(message: string, evidence?: string) {
	return fail('protocol-violation', message, { evidence });
}

export interface Framer {
	push(chunk: Buffer): void;
	/** A frame that is not whole yet. */
	unfinished(): Unfinished | undefined;
}

/**
 * Cuts a stream into frames (AMQP 0-9-1, section 4.2.3), however it is chopped. Throws before it keeps a frame of more than
 * `largest()` bytes; after that it must not be used again.
 */
export function createFramer(largest: () => number, onFrame: OnFrame): Framer {
	let parts: Buffer[] = [];
	let have = 0;
	/** Bytes without which there is no use in looking again. */
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
			const size = bytes.readUInt32BE(at + 3);
			if (size + frameOverhead > largest())
				throw fail(
					'frame-too-large',
					`The server announced a frame of ${size.toLocaleString('en')} bytes; ${largest().toLocaleString('en')} were agreed.`,
				);
			const end = at + 7 + size;
			if (end >= length) break;
			if (bytes[end] !== frameEnd) throw broken('The server sent a frame without its end octet (AMQP 0-9-1, 4.2.3).');
			onFrame(type, bytes.readUInt16BE(at + 1), bytes, at + 7, end);
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
