import { fail } from '../../base/failure';
import type { DetailPart } from '../../model/contracts/message';
import type { Part, ProtocolDescription } from '../../protocols/description';
import { bufferOf } from '../decode/bytes';
import { type Content, contentOf } from '../decode/compression/content';
import { fittingDecodings, withUnpacked } from '../decode/fits';
import { metaOf } from './log/segment';
import type { Rows } from './rows';

/** Parts of one message that are listed; a peer may attach any number. */
const maxParts = 100;
/** Maximum size of a part after decompression, in bytes. */
const maxContent = 16 * 1024 * 1024;

/** The further payloads of messages, by the description's `parts`. */
export interface Parts {
	list(seq: number): { parts: DetailPart[]; unlisted: number };
	/** Throws `no-part`. */
	bytes(seq: number, id: string): Buffer;
	/** Undefined if the message has no such part. */
	find(seq: number, id: string): Buffer | undefined;
	content(bytes: Buffer): Content;
}

export function createParts(description: ProtocolDescription, rows: Rows): Parts {
	const all = (seq: number): readonly Part[] => {
		const { segment, row } = rows.place(seq);
		return description.parts?.(segment.flags[row] as number, metaOf(segment, row)) ?? [];
	};
	const content = (bytes: Buffer): Content => contentOf(bytes, {}, maxContent);

	function find(seq: number, id: string): Buffer | undefined {
		const part = all(seq).find((one) => one.id === id);
		return part && bufferOf(part.bytes);
	}

	return {
		list(seq) {
			const parts = all(seq);
			return {
				unlisted: Math.max(0, parts.length - maxParts),
				parts: parts.slice(0, maxParts).map(({ id, label, bytes, contentType }) => {
					const { bytes: unpacked, coding } = content(bufferOf(bytes));
					const decodings = withUnpacked(fittingDecodings(unpacked, contentType), coding);
					return { id, label, size: bytes.length, decodings, ...(coding && { coding }) };
				}),
			};
		},
		bytes(seq, id) {
			const found = find(seq, id);
			if (!found) throw fail('no-part', 'The message has no such part.');
			return found;
		},
		find,
		content,
	};
}
