import type { Unfinished } from '../adapter';

/** How a protocol marks its frames. */
export interface FrameFormat {
	/**
	 * Size in bytes of the frame that begins at `at`, its head included; 0 while too little of the head is there. Throws to
	 * refuse the frame, before any more of it is kept.
	 */
	size(bytes: Buffer, at: number): number;
	/** One whole frame, called right after its `size`. The bytes from `start` to `end` are valid until this returns. */
	frame(bytes: Buffer, start: number, end: number): void;
}

export interface Framer {
	/** Rethrows what `size` and `frame` throw; after that the framer must not be used again. */
	push(chunk: Buffer): void;
	/** The frame of which only a part has arrived. */
	unfinished(): Unfinished | undefined;
}

/** Cuts a stream of length-prefixed frames, however the network has chopped it. */
export function createFramer({ size, frame }: FrameFormat): Framer {
	let parts: Buffer[] = [];
	let have = 0;
	/** Bytes from the start of `parts` that are needed before it is worth looking again. */
	let need = 0;
	/** Start time of the frame in `parts`, and its size once its head has been read. */
	let since = 0;
	let declared: number | undefined;

	function push(chunk: Buffer): void {
		let bytes = chunk;
		let isNew = have === 0;
		if (have > 0) {
			parts.push(chunk);
			have += chunk.length;
			if (have < need) return;
			bytes = Buffer.concat(parts, have);
			parts = [];
			have = 0;
		}
		const { length } = bytes;
		let at = 0;
		while (at < length) {
			const frameSize = size(bytes, at);
			const end = at + frameSize;
			if (frameSize === 0 || end > length) {
				declared = frameSize === 0 ? undefined : frameSize;
				need = declared ?? length - at + 1;
				break;
			}
			frame(bytes, at, end);
			at = end;
			isNew = true;
		}
		if (at === length) return;
		if (isNew) since = performance.now();
		const rest = at === 0 ? bytes : bytes.subarray(at);
		parts.push(rest);
		have = rest.length;
	}

	return { push, unfinished: () => (have > 0 ? { since, bytes: have, size: declared } : undefined) };
}
