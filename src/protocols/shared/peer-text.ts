import { cutText } from '../../model/text';

export interface PeerTextOptions {
	/** In characters. */
	most?: number;
	/** Secrets, shown as dots. */
	hidden?: readonly string[];
	/** Line breaks stay, for evidence that has more than one line. */
	lines?: boolean;
}

/**
 * Text that the other side chose, for our own sentences and evidence: control and formatting characters (ANSI,
 * right-to-left marks) as visible escapes, cut at a length that a line can bear.
 */
export function peerText(text: string, { most = 300, hidden = [], lines = false }: PeerTextOptions = {}): string {
	// Somewhat more than is shown, so that a secret at the cut is found whole.
	let start = cutText(text, most + 1000);
	for (const secret of hidden) if (secret !== '') start = start.replaceAll(secret, '•••');
	const shown = cutText(start, most).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
		lines && character === '\n' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
	);
	return start.length > most ? `${shown}…` : shown;
}
