import { isUtf8 } from 'node:buffer';
import type { Decoding } from '../../../model/contracts/message';
import { wholeCharacters } from '../bytes';
import type { Declared } from '../compression/coding';
import { contentOf } from '../compression/content';
import { claimedDecoding, reads } from '../fits';
import { createOneLine } from './one-line';

export interface DecodedText {
	text: string;
	/** What was decoded: "cbor", "gzip", "gzip, cbor". */
	tag: string;
	/** The text ends before the content does. */
	isCut: boolean;
}

export interface TextLimits {
	/** Bytes of the content that are examined, after decompression. */
	bytes: number;
	/** Characters of text, approximately. */
	characters: number;
}

const binary = ['cbor', 'msgpack'] as const;

/** Whether the content type names a format that is decoded even where the payload happens to be text. */
export const isBinaryClaim = (type: string | undefined): boolean => isBinary(claimedDecoding(type));

const isBinary = (decoding: Decoding | undefined): boolean => binary.some((one) => one === decoding);

/** The text of a payload that is compressed, CBOR or MessagePack; undefined for all others. */
export function decodedText(payload: Buffer, declared: Declared, limits: TextLimits): DecodedText | undefined {
	const { bytes, coding, end } = contentOf(payload, declared, limits.bytes);
	const isPart = end !== 'whole' || bytes.length > limits.bytes;
	const head = isPart ? bytes.subarray(0, wholeCharacters(bytes, limits.bytes)) : bytes;
	const found = structureOf(head, isPart, declared.type, limits.characters);
	if (found) return coding ? { ...found, tag: `${coding}, ${found.tag}` } : found;
	if (!coding) return undefined;
	// Decompression may have ended within a character.
	const text = isPart ? head.subarray(0, lastCharacter(head)) : head;
	if (isUtf8(text)) return { text: text.toString(), tag: coding, isCut: isPart };
	const hex = head.toString('hex', 0, Math.ceil(limits.characters / 3)).replace(/..(?!$)/g, '$& ');
	return { text: hex, tag: coding, isCut: isPart || hex.length >= limits.characters };
}

function structureOf(head: Buffer, isCut: boolean, type: string | undefined, characters: number) {
	const claimed = claimedDecoding(type);
	const isText = isUtf8(head);
	for (const decoding of binary) {
		if (isText && decoding !== claimed) continue;
		const line = createOneLine(characters);
		if (reads(decoding, head, isCut, decoding === claimed, line))
			return { text: line.text(), tag: decoding, isCut: isCut || line.text().length >= characters };
	}
	return undefined;
}

/** The end of the last whole character: at most three bytes before the end. */
function lastCharacter(bytes: Buffer): number {
	for (let end = bytes.length; end > bytes.length - 4 && end > 0; end--) {
		const byte = bytes[end - 1] as number;
		if (byte < 0x80) return end;
		if (byte >= 0xc0) return end - 1;
	}
	return bytes.length;
}
