import { limits } from './limits';

/**
 * Follows the frames of a client (AMQP 1.0, part 2, section 2.3): rhea buffers whatever length a frame announces. Returns false for
 * bytes that no frame of the accepted size begins with.
 */
export function createFrameGuard(): (chunk: Buffer) => boolean {
	let head = Buffer.alloc(0);
	/** Bytes that are left of the present frame. */
	let rest = 0;
	return (chunk) => {
		let at = 0;
		while (at < chunk.length) {
			if (rest > 0) {
				const step = Math.min(rest, chunk.length - at);
				rest -= step;
				at += step;
				continue;
			}
			const step = Math.min(4 - head.length, chunk.length - at);
			head = Buffer.concat([head, chunk.subarray(at, at + step)]);
			at += step;
			if (head.length < 4) return true;
			const isProtocolHeader = head.toString('latin1') === 'AMQP';
			const size = isProtocolHeader ? 8 : head.readUInt32BE(0);
			if (size < 8 || size > limits.frameBytes) return false;
			rest = size - 4;
			head = Buffer.alloc(0);
		}
		return true;
	};
}
