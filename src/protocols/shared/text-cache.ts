const slots = 4096;
const maxLength = 256;

/** Decodes and checks the bytes from `start` to `end`. */
export type ReadText = (bytes: Buffer, start: number, end: number) => string;

/**
 * Caches the strings of topics or subjects by their bytes. There are two slots for each hash: with one, a fifth of 1,000
 * topics replaced each other again and again. A further collision costs a new string and never returns a wrong one. A text
 * is read once, when it enters the cache. The bytes of all slots share one buffer: with a buffer each, a flood of
 * different topics left more garbage than the topics take.
 */
export function createTextCache(read: ReadText): ReadText {
	const texts: (string | undefined)[] = new Array(slots).fill(undefined);
	const lengths = new Uint16Array(slots);
	const all = Buffer.alloc(slots * maxLength);
	return (bytes, start, end) => {
		const length = end - start;
		if (length > maxLength) return read(bytes, start, end);
		let hash = length;
		for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
		const index = (hash ^ (hash >>> 15)) & (slots - 1);
		for (let slot = index, tries = 0; tries < 2; slot ^= 1, tries++) {
			const cached = texts[slot];
			if (cached === undefined || lengths[slot] !== length) continue;
			const own = slot * maxLength;
			let at = 0;
			while (at < length && all[own + at] === bytes[start + at]) at++;
			if (at === length) return cached;
		}
		const text = read(bytes, start, end);
		const slot = texts[index] === undefined ? index : index ^ 1;
		for (let at = 0; at < length; at++) all[slot * maxLength + at] = bytes[start + at] as number;
		lengths[slot] = length;
		texts[slot] = text;
		return text;
	};
}
