/** A search for a text in the bytes of one segment after another. */
export interface Finder {
	/** Bytes of what is looked for. */
	readonly length: number;
	/** From now on `next` searches bytes 0 to `end`, in the quicker way as judged by a sample of them. */
	start(bytes: Buffer, end: number): void;
	/** Where the first occurrence at or after `from` starts; -1 if there is none. `from` must not go back. */
	next(from: number): number;
}

const sampleSize = 2048;
/** A prime without a short common period with rows. */
const golden = 618_033_989;
/** An index beyond every segment. */
const nowhere = 0x3fffffff;
/** Nanoseconds a candidate of the anchor costs, a byte under memchr, and a step of the skipping loop; all about. */
const cost = { candidate: 25, byte: 0.06, step: 2.5 };

/**
 * Searches text in bytes, ASCII letters in both cases unless `matchCase`. Two ways: let memchr find the needle's rarest
 * byte and compare around it, or jump by the needle's length (Boyer, Moore, Horspool). The first wins where that byte
 * is rare, the second where all its bytes are frequent.
 */
export function createFinder(text: string, matchCase: boolean): Finder {
	const fold = Uint8Array.from({ length: 256 }, (_, byte) =>
		!matchCase && byte >= 65 && byte <= 90 ? byte + 32 : byte,
	);
	const needle = Uint8Array.from(Buffer.from(text), (byte) => fold[byte] as number);
	const { length } = needle;
	const last = length - 1;
	const skip = skipTable(needle, fold);
	let bytes: Buffer = Buffer.alloc(0);
	let end = 0;
	let isAnchored = false;
	let anchor = 0;
	/** The anchor's next small and next capital letter: each is looked for again only after it was passed. */
	let small = 0;
	let capital = 0;

	function letter(byte: number, at: number): number {
		const found = bytes.indexOf(byte, at);
		return found < 0 ? nowhere : found;
	}

	function anchored(from: number): number {
		const latest = end - length + anchor;
		const byte = needle[anchor] as number;
		let at = from + anchor;
		while (at <= latest) {
			if (small < at) small = letter(byte, at);
			if (capital < at) capital = letter(byte - 32, at);
			at = Math.min(small, capital);
			if (at > latest) return -1;
			const start = at - anchor;
			let same = 0;
			while (same < length && fold[bytes[start + same] as number] === needle[same]) same++;
			if (same === length) return start;
			at++;
		}
		return -1;
	}

	function skipping(from: number): number {
		const within = bytes;
		const until = end;
		let at = from + last;
		while (at < until) {
			const jump = skip[within[at] as number] as number;
			if (jump !== 0) {
				at += jump;
				continue;
			}
			let back = 1;
			while (back < length && fold[within[at - back] as number] === needle[last - back]) back++;
			if (back === length) return at - last;
			at++;
		}
		return -1;
	}

	return {
		length,
		start(nextBytes, nextEnd) {
			bytes = nextBytes;
			end = nextEnd;
			const counts = new Uint32Array(256);
			// Scattered places: a fixed stride would see the same column of every message.
			for (let sample = 0, at = 0; sample < sampleSize && end > 0; sample++, at = (at + golden) % end) {
				const byte = fold[bytes[at] as number] as number;
				counts[byte] = (counts[byte] as number) + 1;
			}
			anchor = 0;
			for (let at = 1; at < length; at++)
				if ((counts[needle[at] as number] as number) < (counts[needle[anchor] as number] as number)) anchor = at;
			const byte = needle[anchor] as number;
			const share = (counts[byte] as number) / sampleSize;
			// A single byte: each hit ends its row, so candidates are few.
			isAnchored = length === 1 || share * cost.candidate + 2 * cost.byte < cost.step / length;
			small = -1;
			capital = byte >= 97 && byte <= 122 && fold[byte - 32] === byte ? -1 : nowhere;
		},
		next: (from) => (isAnchored ? anchored(from) : skipping(from)),
	};
}

/** How far a byte under the needle's last position lets it jump; 0: it fits there. */
function skipTable(needle: Uint8Array, fold: Uint8Array): Uint8Array {
	const skip = new Uint8Array(256).fill(Math.min(255, needle.length));
	for (let at = 0; at < needle.length; at++)
		for (let byte = 0; byte < 256; byte++)
			if (fold[byte] === needle[at]) skip[byte] = Math.min(255, needle.length - 1 - at);
	return skip;
}
