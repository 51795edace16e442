const slots = 4096;
const maxLength = 256;
const slotWords = maxLength / 4;
/** The cache keeps a view of the latest chunk, so that it must not be large. */
const maxChunk = 1024 * 1024;

/** Decodes and checks the bytes from `start` to `end`. */
export type ReadText = (bytes: Buffer, start: number, end: number) => string;

/**
 * Caches the strings of topics or subjects by their bytes. There are two slots for each hash: with one, a fifth of 1,000
 * topics replaced each other again and again. A further collision costs a new string and never returns a wrong one. A text
 * is read once, when it enters the cache. The bytes of all slots share one array: with a buffer each, a flood of
 * different topics left more garbage than the topics take.
 *
 * Hot path: bytes are hashed and compared four at a time, which takes a third of the time of one at a time. The last word
 * overlaps the one before, so that no byte is left over.
 */
export function createTextCache(read: ReadText): ReadText {
	const texts: (string | undefined)[] = new Array(slots).fill(undefined);
	const lengths = new Uint16Array(slots);
	const words = new Int32Array(slots * slotWords);
	let chunk: Buffer | undefined;
	let view: DataView = new DataView(new ArrayBuffer(0));

	return (bytes, start, end) => {
		const length = end - start;
		if (length > maxLength || bytes.length > maxChunk) return read(bytes, start, end);
		if (chunk !== bytes) {
			chunk = bytes;
			view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		}
		const last = end - 4;
		const lastWord = length < 4 ? shortWord(bytes, start, end) : view.getInt32(last, true);
		let hash = length;
		for (let at = start; at < last; at += 4) {
			hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
			hash ^= hash >>> 15;
		}
		hash = Math.imul(hash ^ lastWord, 0x9e3779b1);
		const index = (hash ^ (hash >>> 15)) & (slots - 1);
		for (let slot = index, tries = 0; tries < 2; slot ^= 1, tries++) {
			const cached = texts[slot];
			if (cached === undefined || lengths[slot] !== length) continue;
			let own = slot * slotWords;
			let at = start;
			for (; at < last && words[own] === view.getInt32(at, true); at += 4) own++;
			if (at >= last && words[own] === lastWord) return cached;
		}
		const text = read(bytes, start, end);
		const slot = texts[index] === undefined ? index : index ^ 1;
		let own = slot * slotWords;
		for (let at = start; at < last; at += 4) words[own++] = view.getInt32(at, true);
		words[own] = lastWord;
		lengths[slot] = length;
		texts[slot] = text;
		return text;
	};
}

/** A text of less than four bytes. */
function shortWord(bytes: Buffer, start: number, end: number): number {
	let word = 0;
	for (let at = start; at < end; at++) word = (word << 8) | (bytes[at] as number);
	return word;
}
