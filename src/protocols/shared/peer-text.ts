import { cutText } from '../../model/text/text';

export interface PeerTextOptions {
	/** Longest result in characters; 300 unless given. */
	most?: number;
	/** Keeps line breaks, for evidence with more than one line. */
	lines?: boolean;
}

/**
 * Makes text of the peer safe for sentences and evidence: control and formatting characters (ANSI, right-to-left marks)
 * become visible escapes, and long text is cut. The engine removes secrets from it.
 */
export function peerText(text: string, { most = 300, lines = false }: PeerTextOptions = {}): string {
	const shown = cutText(text, most).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
		lines && character === '\n' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
	);
	return text.length > most ? `${shown}…` : shown;
}
