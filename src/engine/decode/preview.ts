import { isUtf8 } from 'node:buffer';
import { cutText } from '../../model/text/text';
import { makeVisible } from './visible';

/** Maximum characters of a preview, and the bytes examined for it: enough for characters of four bytes. */
const maxCharacters = 200;
const maxBytes = maxCharacters * 4;
const maxHexBytes = 66;

export interface Preview {
	preview: string;
	binary: boolean;
}

/** The start of a payload on one line, or the result of `shown` for it. Only its first bytes decide whether it is text. */
export function previewOf(payload: Buffer, shown?: (start: string) => string): Preview {
	const head = payload.length > maxBytes ? payload.subarray(0, wholeCharacters(payload, maxBytes)) : payload;
	if (!isUtf8(head)) return { preview: hexPreview(payload), binary: true };
	const start = head.length < payload.length ? `${head.toString('utf8')}…` : head.toString('utf8');
	const text = shown ? shown(start) : start;
	const visible = makeVisible(cutText(text, maxCharacters));
	const isCut = text.length > maxCharacters || visible.length > maxCharacters;
	return { preview: isCut ? `${cutText(visible, maxCharacters - 1)}…` : visible, binary: false };
}

/** The largest length up to `max` that does not cut a UTF-8 character in two. */
export function wholeCharacters(bytes: Uint8Array, max: number): number {
	if (bytes.length <= max) return bytes.length;
	// A character has at most three continuation bytes (10xxxxxx); longer sequences are invalid anyway.
	for (let length = max; length > max - 4 && length > 0; length--)
		if (((bytes[length] as number) & 0xc0) !== 0x80) return length;
	return max;
}

function hexPreview(payload: Buffer): string {
	const hex = payload.toString('hex', 0, Math.min(payload.length, maxHexBytes)).replace(/..(?!$)/g, '$& ');
	return payload.length > maxHexBytes ? `${hex} …` : hex;
}
