/**
 * Estimates the memory of a plain object in bytes. Visits at most 1,000 members, so that a hostile object costs little.
 */
export function estimateBytes(value: unknown): number {
	// Hot path: plain loops, and no allocation for strings and numbers.
	const waiting: object[] = [];
	let bytes = 0;
	let looked = 0;

	function look(member: unknown): void {
		looked++;
		if (typeof member === 'string') bytes += 16 + member.length;
		else if (typeof member !== 'object' || member === null) bytes += 8;
		else waiting.push(member);
	}

	look(value);
	for (let next = waiting.pop(); next && looked < 1000; next = waiting.pop()) {
		if (next instanceof Uint8Array) bytes += 100 + next.byteLength;
		else if (Array.isArray(next)) {
			bytes += 32 + 8 * next.length;
			for (let at = 0; at < next.length && looked < 1000; at++) look(next[at]);
		} else {
			bytes += 32;
			for (const key in next) {
				bytes += 8 + key.length;
				if (looked < 1000) look((next as Record<string, unknown>)[key]);
			}
		}
	}
	// Count members that were not visited, too.
	return bytes + waiting.length * 16;
}
