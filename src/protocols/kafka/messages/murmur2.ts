const multiplier = 0x5bd1e995;

/**
 * The hash by which clients choose the partition of a key (org.apache.kafka.common.utils.Utils.murmur2). The library's takes
 * minutes for a key of a megabyte.
 */
export function murmur2(key: Uint8Array): number {
	const view = new DataView(key.buffer, key.byteOffset, key.length);
	const whole = key.length & ~3;
	let hash = 0x9747b28c ^ key.length;
	for (let at = 0; at < whole; at += 4) {
		const word = Math.imul(view.getInt32(at, true), multiplier);
		hash = Math.imul(hash, multiplier) ^ Math.imul(word ^ (word >>> 24), multiplier);
	}
	for (let at = whole; at < key.length; at++) hash ^= view.getUint8(at) << (8 * (at - whole));
	if (whole < key.length) hash = Math.imul(hash, multiplier);
	hash = Math.imul(hash ^ (hash >>> 13), multiplier);
	return hash ^ (hash >>> 15);
}
