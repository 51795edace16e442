import type { PayloadFormat } from '../../model/contracts/payload';
import { encodeBytes } from '../../model/profile/bytes-value';
import type { BytesValue, Field } from '../../model/profile/field';
import type { Holder, Reserved } from './headers';

/** A header that sets a field for bytes, such as `Key: a`, together with its notation (`Key-format: hex`). */
export interface BytesHeader<Place> {
	text: string;
	format?: PayloadFormat;
	/** The header itself, and the one with its notation. */
	place: Place;
	notation?: Place;
}

export interface BytesField<Place> {
	field: Field & { type: 'bytes' };
	holder: Holder;
	headers: BytesHeader<Place>[];
}

type Sets = Reserved['sets'];

/**
 * Collects the headers of fields for bytes. A notation belongs to the header above it, or to the first one where none is
 * above.
 */
export function createBytesHeaders<Place>() {
	const fields = new Map<string, BytesField<Place>>();
	const early = new Map<string, { format: PayloadFormat; notation: Place }>();

	return {
		/** Returns false if the header does not belong to a field for bytes. `text`: its value. */
		take(sets: Sets, text: string, place: Place): boolean {
			if (sets.what === 'notation') {
				const format = text.toLowerCase() as PayloadFormat;
				const header = fields.get(sets.of)?.headers.at(-1);
				if (header) Object.assign(header, { format, notation: place });
				else early.set(sets.of, { format, notation: place });
				return true;
			}
			if (!('field' in sets) || sets.field.type !== 'bytes') return false;
			const { field, what: holder } = sets;
			const found = fields.get(field.key) ?? { field, holder, headers: [] };
			fields.set(field.key, found);
			// Of several headers for one value, the last one counts.
			if (!field.many) found.headers.length = 0;
			found.headers.push({ text, place, ...early.get(field.key) });
			early.delete(field.key);
			return true;
		},
		get fields(): BytesField<Place>[] {
			return [...fields.values()];
		},
		/** Notations without a header. */
		get unused(): Place[] {
			return [...early.values()].map(({ notation }) => notation);
		},
	};
}

/** The path of the file that a header's value names: `< ./key.bin`. */
export const headerFile = (text: string): string | undefined => /^<[ \t]+(\S.*)$/.exec(text)?.[1];

/** The value as it is written, or one sentence with the place of the problem in the text. */
export function writtenBytes({
	text,
	format = 'text',
}: Pick<BytesHeader<unknown>, 'text' | 'format'>): { value: BytesValue } | { problem: string; at: number } {
	const encoded = encodeBytes({ format, text });
	return 'problem' in encoded ? encoded : { value: { format, text } };
}
