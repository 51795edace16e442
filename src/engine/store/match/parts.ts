import type { ProtocolDescription } from '../../../protocols/description';
import { bufferOf } from '../../decode/bytes';
import { metaOf, type Segment } from '../log/segment';
import type { Finder } from './bytes';

/** Rows of one step where parts are read, so that a step takes a few milliseconds at most. */
const maxRows = 2048;

/** Searches the further payloads of messages, such as keys. */
export interface PartSearch {
	/** The number of rows that can be searched in one step. */
	readonly maxRows: number;
	/** Whether a part of any of these rows may contain the text. Must be called before `fits`. */
	learn(segment: Segment, from: number, to: number): boolean;
	fits(segment: Segment, row: number): boolean;
}

/** For protocols whose messages have no parts. */
const none: PartSearch = { maxRows: Number.POSITIVE_INFINITY, learn: () => false, fits: () => false };

/**
 * Searches the stored properties for the text first: parts are in them byte for byte. Only those that contain it are read,
 * because it may stand in another property.
 */
export function createPartSearch(
	description: ProtocolDescription,
	finder: Finder,
	contains: (text: string) => boolean,
): PartSearch {
	if (!description.parts) return none;
	const found = new Uint32Array(maxRows);
	let candidates = new Set<number>();
	return {
		maxRows,
		learn(segment, from, to) {
			candidates = new Set();
			const { metaLength, meta } = segment;
			if (metaLength) {
				const hits = finder.find(propertiesOf(segment, metaLength, from, to), 0, to - from, found);
				for (let at = 0; at < hits; at++) candidates.add(from + (found[at] as number));
			}
			if (meta) for (let row = from; row < to; row++) if (meta[row]) candidates.add(row);
			return candidates.size > 0;
		},
		fits(segment, row) {
			return candidates.has(row) && partTexts(description, segment, row).some(contains);
		},
	};
}

/** The properties of rows in place of their payloads, as the finder reads them. */
function propertiesOf(segment: Segment, metaLength: Uint32Array, from: number, to: number) {
	const offset = new Uint32Array(to - from);
	for (let row = from; row < to; row++)
		offset[row - from] = (segment.offset[row] as number) + (segment.length[row] as number);
	return { bytes: segment.bytes, offset, length: metaLength.subarray(from, to) };
}

/** The parts of a message as text. */
export const partTexts = ({ parts }: ProtocolDescription, segment: Segment, row: number): string[] =>
	parts?.(segment.flags[row] as number, metaOf(segment, row)).map(({ bytes }) => bufferOf(bytes).toString()) ?? [];
