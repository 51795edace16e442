/** About how many bytes a plain object takes. Looks at no more than 1,000 members, so a hostile one costs little. */
export function estimateBytes(value: unknown): number {
	// A flood of messages with properties comes through here: plain loops, and nothing made for a string or a number.
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
	// What was not looked at is not free either.
	return bytes + waiting.length * 16;
}
