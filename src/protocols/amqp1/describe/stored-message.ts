import { readSections, type Sections } from '../wire/codec/sections';
import { Malformed } from '../wire/codec/values';

/** What the body of a message is, as the log keeps it and as the composer offers it. */
export const bodyKinds = ['data', 'text', 'binary', 'value', 'sequence', 'none', 'unreadable'] as const;
export type BodyKind = (typeof bodyKinds)[number];

/** Bytes in front of the sections in what the log keeps: the kind of the body, and the number of its sections, at most 255. */
export const storedHead = 2;

/** The parts of a message that the log stores besides its body and flags. */
export interface StoredMessage {
	kind: BodyKind;
	bodySections: number;
	/** The sections that are not the body, encoded. */
	sections: Uint8Array;
}

/** Encodes the parts as the log keeps them. */
export function storeMessage({ kind, bodySections, sections }: StoredMessage): Uint8Array {
	const bytes = new Uint8Array(storedHead + sections.length);
	bytes[0] = bodyKinds.indexOf(kind);
	bytes[1] = Math.min(bodySections, 255);
	bytes.set(sections, storedHead);
	return bytes;
}

/** Decodes what the log keeps; undefined for a message without it. */
export function storedMessage(meta: unknown): StoredMessage | undefined {
	if (!(meta instanceof Uint8Array) || meta.length < storedHead) return undefined;
	return {
		kind: bodyKinds[meta[0] as number] ?? 'unreadable',
		bodySections: meta[1] as number,
		sections: meta.subarray(storedHead),
	};
}

/** The decoded sections, or why they cannot be decoded. */
export function sectionsOf({ sections }: StoredMessage): Sections | string {
	try {
		return readSections(sections);
	} catch (error) {
		if (error instanceof Malformed) return error.message;
		throw error;
	}
}
