import { flag, type Row } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { bufferOf } from '../decode/bytes';
import type { Declared } from '../decode/compression/coding';
import { type Preview, previewOf } from '../decode/preview/preview';
import { metaOf, payloadOf, type Segment } from './log/segment';

/** Previews that were decoded are kept for this many messages, since following the newest reads most rows again. */
const maxKept = 2000;
/** Maximum time that one turn of the event loop spends on decoding, in milliseconds. Further rows are shown undecoded. */
const maxTurnMs = 50;

/** Returns the previews of messages. Messages never change, so a preview is final. */
export function createPreviews(description: ProtocolDescription): (segment: Segment, row: number) => Preview {
	const kept = new Map<number, Preview>();
	let spent = 0;

	function keep(seq: number, preview: Preview): void {
		for (const oldest of kept.keys()) {
			if (kept.size < maxKept) break;
			kept.delete(oldest);
		}
		kept.set(seq, preview);
	}

	function decoded(seq: number, decode: () => Preview): Preview {
		if (spent === 0)
			setImmediate(() => {
				spent = 0;
			});
		const start = performance.now();
		const preview = decode();
		spent += performance.now() - start;
		if (preview.binary || preview.tag) keep(seq, preview);
		return preview;
	}

	return (segment, row) => {
		const seq = segment.first + row;
		const cached = kept.get(seq);
		if (cached) return cached;
		const payload = payloadOf(segment, row);
		if (((segment.flags[row] as number) & flag.note) !== 0) return previewOf(payload);
		const shown = description.preview;
		if (spent > maxTurnMs) return previewOf(payload, { shown, isPlain: true });
		const declared = declaredOf(description, metaOf(segment, row));
		return decoded(seq, () => previewOf(payload, { shown, declared }));
	};
}

/** What a message says about its payload. */
export function declaredOf({ contentType, contentEncoding }: ProtocolDescription, meta: object | undefined): Declared {
	const type = contentType?.(meta);
	const encoding = contentEncoding?.(meta);
	return { ...(type !== undefined && { type }), ...(encoding !== undefined && { encoding }) };
}

/** The start of the part that has a column in the log; undefined if the message has none. */
export function partPreview({ parts, partColumn }: ProtocolDescription, segment: Segment, row: number): Row['part'] {
	if (!parts || !partColumn) return undefined;
	const part = parts(segment.flags[row] as number, metaOf(segment, row)).find(({ id }) => id === partColumn.part);
	if (!part) return undefined;
	const { preview, binary } = previewOf(bufferOf(part.bytes), { isPlain: true });
	return { preview, binary, size: part.bytes.length };
}
