import { cutText } from './text';

/** UTF-16 units taken of a text: with three bytes each and an ending a name stays below the 255 bytes of a file system. */
const most = 60;

/** Devices on Windows, with any extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const reserved = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=$|\.)/i;

/**
 * A file name that every system takes, made of a topic or another text from outside: letters, digits, dots, hyphens and
 * underscores. `end` is put behind it as it is; `otherwise` stands for a text of which nothing is left.
 */
export function fileName(text: string, end = '', otherwise = 'message'): string {
	const plain = cutText(text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_'), most);
	// Windows drops dots at the end, and other systems hide a file that begins with one.
	return `${plain.replace(/^\.+|\.+$/g, '') || otherwise}${end}`.replace(reserved, '$&_');
}
