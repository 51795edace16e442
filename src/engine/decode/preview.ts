import { isUtf8 } from 'node:buffer';
import { cutText } from '../../model/text/text';
import { makeVisible } from './visible';

/** Characters of a preview, and bytes looked at for it: enough for as many characters of four bytes. */
const mostCharacters = 200;
const mostBytes = mostCharacters * 4;
const mostHexBytes = 66;

export interface Preview {
	preview: string;
	binary: boolean;
}

/**
 * The start of a payload on one line, or what `shown` makes of it. Whether it is text is judged by its first bytes alone.
 */
export function previewOf(payload: Buffer, shown?: (start: string) => string): Preview {
	const head = payload.length > mostBytes ? payload.subarray(0, wholeCharacters(payload, mostBytes)) : payload;
	if (!isUtf8(head)) return { preview: hexPreview(payload), binary: true };
	const start = head.length < payload.length ? `${head.toString('utf8')}…` : head.toString('utf8');
	const text = shown ? shown(start) : start;
	const visible = makeVisible(cutText(text, mostCharacters));
	const isCut = text.length > mostCharacters || visible.length > mostCharacters;
	return { preview: isCut ? `${cutText(visible, mostCharacters - 1)}…` : visible, binary: false };
}

/** The largest length up to `most` that does not cut a UTF-8 character in two. */
export function wholeCharacters(bytes: Uint8Array, most: number): number {
	if (bytes.length <= most) return bytes.length;
	// A character has at most three continuation bytes (10xxxxxx); more of them are no character anyway.
	for (let length = most; length > most - 4 && length > 0; length--)
		if (((bytes[length] as number) & 0xc0) !== 0x80) return length;
	return most;
}

function hexPreview(payload: Buffer): string {
	const hex = payload.toString('hex', 0, Math.min(payload.length, mostHexBytes)).replace(/..(?!$)/g, '$& ');
	return payload.length > mostHexBytes ? `${hex} …` : hex;
}
