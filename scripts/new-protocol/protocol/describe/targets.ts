/** Bytes of UTF-8 in a target: its length is written in two bytes. */
export const maxTarget = 65_535;

/** One sentence that says what is wrong with a target, or undefined. */
export function checkTarget(target: string): string | undefined {
	if (target === '') return 'The target is empty.';
	if (/\p{Surrogate}/u.test(target)) return 'The target contains a lone surrogate, which UTF-8 cannot express.';
	const size = new TextEncoder().encode(target).length;
	if (size <= maxTarget) return undefined;
	return `The target has ${size.toLocaleString('en-US')} bytes; at most ${maxTarget.toLocaleString('en-US')} are possible.`;
}
