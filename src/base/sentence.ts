/** Ends a sentence with exactly one punctuation mark, where its end comes from a peer or a library. */
export function sentence(text: string): string {
	const trimmed = text.trimEnd();
	return /[.!?…]["'”’»)\]]*$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
