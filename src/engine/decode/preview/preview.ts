import { isUtf8 } from 'node:buffer';
import { cutText } from '../../../model/text/text';
import { wholeCharacters } from '../bytes';
import { type Declared, declaredCoding } from '../compression/coding';
import { makeVisible } from '../visible';
import { decodedText, isBinaryClaim } from './decoded-text';

/** Maximum characters of a preview, and the bytes examined for it: enough for characters of four bytes. */
const maxCharacters = 200;
const maxBytes = maxCharacters * 4;
const maxHexBytes = 66;
/** Bytes of binary content that are examined for a preview. */
const maxDecoded = 1024;

export interface Preview {
	preview: string;
	/** The payload is not valid UTF-8. */
	binary: boolean;
	/** What the preview was decoded from. */
	tag?: string;
}

export interface PreviewOptions {
	/** Replaces the text of a payload that is text. `start`: its start, with "…" where it is cut. */
	shown?: ((start: string) => string) | undefined;
	declared?: Declared | undefined;
	/** Decodes nothing, so that the preview costs little. */
	isPlain?: boolean;
}

/**
 * The start of a payload on one line. Only its first bytes decide whether it is text; binary payloads are decoded where a
 * decoder fits.
 */
export function previewOf(payload: Buffer, { shown, declared = {}, isPlain }: PreviewOptions = {}): Preview {
	const head = payload.length > maxBytes ? payload.subarray(0, wholeCharacters(payload, maxBytes)) : payload;
	const binary = !isUtf8(head);
	if (binary || declaredCoding(declared) || isBinaryClaim(declared.type)) {
		const found = isPlain
			? undefined
			: decodedText(payload, declared, { bytes: maxDecoded, characters: maxCharacters + 1 });
		if (found) return { preview: oneLine(found.text, found.isCut), binary, tag: found.tag };
		if (binary) return { preview: hexPreview(payload), binary };
	}
	const start = head.length < payload.length ? `${head.toString('utf8')}…` : head.toString('utf8');
	return { preview: oneLine(shown ? shown(start) : start), binary };
}

/** Text within the limit, control characters made visible. `isCut`: there is more than this text. */
function oneLine(text: string, isCut = false): string {
	const visible = makeVisible(cutText(text, maxCharacters));
	const tooLong = isCut || text.length > maxCharacters || visible.length > maxCharacters;
	return tooLong ? `${cutText(visible, maxCharacters - 1)}…` : visible;
}

function hexPreview(payload: Buffer): string {
	const hex = payload.toString('hex', 0, Math.min(payload.length, maxHexBytes)).replace(/..(?!$)/g, '$& ');
	return payload.length > maxHexBytes ? `${hex} …` : hex;
}
