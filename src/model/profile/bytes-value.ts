import { isRecord } from '../../base/check';
import { type Encoded, encodePayload, payloadFormats, writePayload } from '../contracts/payload';
import type { BytesValue, FieldValue } from './field';

export const isBytesValue = (value: unknown): value is BytesValue =>
	isRecord(value) && typeof value.text === 'string' && payloadFormats.some((format) => format === value.format);

/** The bytes of a value, or one sentence with the place of the problem. */
export const encodeBytes = ({ format, text }: BytesValue): Encoded => encodePayload(format, text);

/**
 * The bytes of a checked value (`wrongValue`); undefined if the field is not set. A plain text is its UTF-8 encoding, as in a
 * profile written by hand. Throws a RangeError if the text is not of its format.
 */
export function bytesOf(value: FieldValue | undefined): Uint8Array | undefined {
	if (value === undefined) return undefined;
	const written = typeof value === 'string' ? ({ format: 'text', text: value } as const) : value;
	const encoded = isBytesValue(written) ? encodeBytes(written) : { problem: 'These are no bytes.' };
	if ('problem' in encoded) throw new RangeError(encoded.problem);
	return encoded.bytes;
}

/** Likewise for a field with `many`. */
export const bytesListOf = (value: FieldValue | undefined): Uint8Array[] =>
	(Array.isArray(value) ? value : [value]).flatMap((one) => bytesOf(one) ?? []);

/** The most readable value that `bytesOf` converts back to exactly these bytes. */
export const bytesValue = (bytes: Uint8Array): BytesValue => writePayload(bytes);
