/** A payload that comes in pieces. */
export interface Gathered {
	readonly length: number;
	add(piece: Uint8Array): void;
	whole(): Uint8Array;
}

/** Bytes of the first chunk and of the largest. */
const smallest = 4096;
const largest = 65_536;

/**
 * Copies the pieces one behind the other. Kept as they came, each would hold its whole datagram, of which a hostile
 * block may be the smallest part: 16 bytes of 64 KB.
 */
export function gather(first: Uint8Array): Gathered {
	const full: Buffer[] = [];
	let open = Buffer.allocUnsafe(smallest);
	let used = 0;
	let length = 0;

	function add(piece: Uint8Array): void {
		const fits = Math.min(piece.length, open.length - used);
		open.set(piece.subarray(0, fits), used);
		used += fits;
		length += fits;
		if (fits === piece.length) return;
		full.push(open);
		open = Buffer.allocUnsafe(Math.min(largest, 2 * open.length));
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
