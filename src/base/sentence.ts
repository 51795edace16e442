/** A sentence whose end comes from elsewhere, a peer or a library, with exactly one mark at its end. */
export function sentence(text: string): string {
	const trimmed = text.trimEnd();
	return /[.!?…]["'”’»)\]]*$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
