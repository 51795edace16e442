/**
 * Text of the peer for a failure's evidence: control and formatting characters (ANSI, right-to-left marks) as visible
 * escapes, secrets as dots, at most `most` characters.
 */
export function quoted(text: string, most = 500, hidden: readonly string[] = []): string {
	let shown = text.slice(0, most + 1000);
	for (const secret of hidden) if (secret.length > 0) shown = shown.replaceAll(secret, '•••');
	shown = shown.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
		character === '\n' ? '\n' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
	);
	return shown.length > most ? `${shown.slice(0, most)}…` : shown;
}

export function bytes(count: number): string {
	return `${count.toLocaleString('en-US')} bytes`;
}
