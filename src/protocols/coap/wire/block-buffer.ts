/** A payload that arrives in pieces. */
export interface BlockBuffer {
	readonly length: number;
	add(piece: Uint8Array): void;
	whole(): Uint8Array;
}

/** Sizes of the first chunk and of the maxChunk, in bytes. */
const firstChunk = 4096;
const maxChunk = 65_536;

/**
 * Copies the pieces one after another. If they were kept as views, each would hold its whole datagram, of which a hostile
 * block may be a tiny part: 16 bytes of 64 KB.
 */
export function createBlockBuffer(first: Uint8Array): BlockBuffer {
	const full: Buffer[] = [];
	let open = Buffer.allocUnsafe(firstChunk);
	let used = 0;
	let length = 0;

	function add(piece: Uint8Array): void {
		const fits = Math.min(piece.length, open.length - used);
		open.set(piece.subarray(0, fits), used);
		used += fits;
		length += fits;
		if (fits === piece.length) return;
		full.push(open);
		open = Buffer.allocUnsafe(Math.min(maxChunk, 2 * open.length));
		used = 0;
		add(piece.subarray(fits));
	}

	add(first);
	return {
		get length() {
			return length;
		},
		add,
		whole: () => Buffer.concat([...full, open.subarray(0, used)]),
	};
}
