import {
	type Encoded,
	encodePayload,
	type PayloadFormat,
	payloadFormats,
	recognizedFormat,
	toText,
} from '../../../src/model/contracts/payload';
import type { Values } from '../../../src/model/profile/field';
import type { ProtocolDescription, Verb } from '../../../src/protocols/description';
import type { DraftText } from '../saved';
import type { Attached } from './compose-store';

/** A draft as its verb takes it. */
export interface ReadDraft {
	/** The formats that the verb accepts, and the one in use. */
	formats: readonly PayloadFormat[];
	format: PayloadFormat;
	/** The typed text; it has no payload while it is not of its format. */
	encoded: Encoded;
	/** The payload; undefined for a file, and while the text is not of its format. */
	bytes: Uint8Array | undefined;
	/** The chosen values, with those that a payload needs which is not UTF-8. */
	values: Values;
}

export function readDraft(
	{ textPayloads }: ProtocolDescription,
	verb: Verb,
	{ format: chosen, text, values }: DraftText,
	attached: Attached | undefined,
): ReadDraft {
	const formats = verb.formats ?? payloadFormats;
	const wanted = chosen ?? (textPayloads ? 'text' : recognizedFormat(text));
	const format = formats.includes(wanted) ? wanted : (formats[0] ?? 'text');
	const encoded = verb.noPayload ? { bytes: new Uint8Array() } : encodePayload(format, text);
	const typed = 'bytes' in encoded ? encoded.bytes : undefined;
	const bytes = !attached || verb.noPayload ? typed : attached.kind === 'bytes' ? attached.bytes : undefined;
	const binary = verb.binaryValues && bytes && toText(bytes) === undefined;
	return { formats, format, encoded, bytes, values: binary ? { ...values, ...verb.binaryValues } : values };
}
