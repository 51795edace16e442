import { redactSentence } from '../../model/text/redact';

/** Escapes control and format characters, with which a peer's text could control the terminal. */
export function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Writes over the line of the terminal; the empty text removes it. Undefined: standard error is no terminal. */
export const progress = process.stderr.isTTY
	? (text: string): void => void process.stderr.write(`\r\u001b[K${redactSentence(text)}`)
	: undefined;

/** Writes lines to standard error. They may quote a peer or a file. */
export function say(text: string): void {
	progress?.('');
	process.stderr.write(`${redactSentence(text).split('\n').map(printable).join('\n')}\n`);
}
