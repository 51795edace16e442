import { cutText } from './text';

/**
 * Maximum UTF-16 units of a name: with up to three bytes each and an extension it stays below the 255 bytes of file
 * systems.
 */
const most = 60;

/** Reserved device names of Windows, with any extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const reserved = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=$|\.)/i;

/**
 * Makes a portable file name of a topic or another external text: letters, digits, dots, hyphens and underscores. `end`
 * is appended; `otherwise` replaces a text of which nothing is left.
 */
export function fileName(text: string, end = '', otherwise = 'message'): string {
	const plain = cutText(text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_'), most);
	// Windows drops trailing dots; other systems hide files with a leading dot.
	return `${plain.replace(/^\.+|\.+$/g, '') || otherwise}${end}`.replace(reserved, '$&_');
}
