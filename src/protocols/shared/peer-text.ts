import { cutText } from '../../model/text/text';

export interface PeerTextOptions {
	/** In characters. */
	most?: number;
	/** Line breaks stay, for evidence that has more than one line. */
	lines?: boolean;
}

/**
 * Text that the other side chose, for our own sentences and evidence: control and formatting characters (ANSI,
 * right-to-left marks) as visible escapes, cut at a length that a line can bear. The engine takes secrets out of it.
 */
export function peerText(text: string, { most = 300, lines = false }: PeerTextOptions = {}): string {
	const shown = cutText(text, most).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
		lines && character === '\n' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
	);
	return text.length > most ? `${shown}…` : shown;
}
