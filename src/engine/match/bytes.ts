/** Where the first occurrence at or after `from` starts; -1 if there is none. `from` must not go back. */
export type Find = (from: number) => number;

export interface Finder {
	/** Bytes of what is looked for. */
	readonly length: number;
	/** Searches bytes 0 to `end`, in the quicker way, judged by a sample of them. */
	start(bytes: Buffer, end: number): Find;
}

const sampleSize = 2048;
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
	const needle = Buffer.from(text).map((byte) => fold[byte] as number) as Buffer;
	const length = needle.length;
	const skip = skipTable(needle, fold);

	return {
		length,
		start(bytes, end) {
			const counts = new Uint32Array(256);
			const stride = Math.max(1, Math.floor(end / sampleSize));
			let samples = 0;
			for (let at = 0; at < end; at += stride, samples++) {
				const byte = fold[bytes[at] as number] as number;
				counts[byte] = (counts[byte] as number) + 1;
			}
			let anchor = 0;
			for (let at = 1; at < length; at++)
				if ((counts[needle[at] as number] as number) < (counts[needle[anchor] as number] as number)) anchor = at;
			const share = (counts[needle[anchor] as number] as number) / Math.max(1, samples);
			return share * cost.candidate + 2 * cost.byte > cost.step / length
				? skippingFind(needle, fold, skip, bytes, end)
				: anchoredFind(needle, fold, anchor, bytes, end);
		},
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

function skippingFind(needle: Uint8Array, fold: Uint8Array, skip: Uint8Array, bytes: Buffer, end: number): Find {
	const length = needle.length;
	const last = length - 1;
	return (from) => {
		let at = from + last;
		while (at < end) {
			const jump = skip[bytes[at] as number] as number;
			if (jump !== 0) {
				at += jump;
				continue;
			}
			let back = 1;
			while (back < length && fold[bytes[at - back] as number] === needle[last - back]) back++;
			if (back === length) return at - last;
			at++;
		}
		return -1;
	};
}

function anchoredFind(needle: Uint8Array, fold: Uint8Array, anchor: number, bytes: Buffer, end: number): Find {
	const length = needle.length;
	const latest = end - length + anchor;
	const byte = needle[anchor] as number;
	const isLetter = byte >= 97 && byte <= 122 && fold[byte - 32] === byte;
	/** The next small and the next capital one: each is looked for again only after it was passed. */
	let small = -1;
	let capital = isLetter ? -1 : Number.POSITIVE_INFINITY;

	function next(letter: number, at: number): number {
		const found = bytes.indexOf(letter, at);
		return found < 0 || found > latest ? Number.POSITIVE_INFINITY : found;
	}
	function fits(start: number): boolean {
		for (let at = 0; at < length; at++) if (fold[bytes[start + at] as number] !== needle[at]) return false;
		return true;
	}

	return (from) => {
		for (let at = from + anchor; at <= latest; at++) {
			if (small < at) small = next(byte, at);
			if (capital < at) capital = next(byte - 32, at);
			at = Math.min(small, capital);
			if (at <= latest && fits(at - anchor)) return at - anchor;
		}
		return -1;
	};
}
