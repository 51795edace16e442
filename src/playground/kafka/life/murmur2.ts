/** The hash by which Kafka's clients choose the partition of a key (org.apache.kafka.common.utils.Utils.murmur2). */
export function murmur2(key: Uint8Array): number {
	const multiplier = 0x5bd1e995;
	let hash = 0x9747b28c ^ key.length;
	const view = new DataView(key.buffer, key.byteOffset, key.length);
	const whole = key.length & ~3;
	for (let at = 0; at < whole; at += 4) {
		let word = Math.imul(view.getInt32(at, true), multiplier);
		word = Math.imul(word ^ (word >>> 24), multiplier);
		hash = Math.imul(hash, multiplier) ^ word;
	}
	for (let index = key.length - whole - 1; index >= 0; index--) hash ^= (key[whole + index] as number) << (8 * index);
	if (whole < key.length) hash = Math.imul(hash, multiplier);
	hash = Math.imul(hash ^ (hash >>> 13), multiplier);
	return hash ^ (hash >>> 15);
}
