/** About how many bytes a plain object takes. Looks at no more than 1,000 members, so a hostile one costs little. */
export function estimateBytes(value: unknown): number {
	const waiting: unknown[] = [value];
	let bytes = 0;
	for (let looked = 0; waiting.length > 0 && looked < 1000; looked++) {
		const next = waiting.pop();
		if (typeof next === 'string') bytes += 16 + next.length;
		else if (next instanceof Uint8Array) bytes += 100 + next.byteLength;
		else if (typeof next !== 'object' || next === null) bytes += 8;
		else {
			bytes += 32;
			for (const [key, member] of Object.entries(next)) {
				bytes += 8 + (Array.isArray(next) ? 0 : key.length);
				waiting.push(member);
			}
		}
	}
	// What was not looked at is not free either.
	return bytes + waiting.length * 16;
}
