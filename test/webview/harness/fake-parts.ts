import type { Decoding, DetailPart } from '../../../src/model/contracts/message';
import { toText } from '../../../src/model/contracts/payload';
import type { Part } from '../../../src/protocols/description';
import { type RecordMeta, recordMeta, records } from '../../support/records';

/** The further payloads of the records of the fake host, by line. */
export function fakeParts() {
	const metas = new Map<number, RecordMeta>();
	const partsOf = (seq: number): readonly Part[] => records.parts?.(0, metas.get(seq)) ?? [];
	return {
		add: (seq: number, values: Record<string, unknown>) => metas.set(seq, recordMeta(values)),
		row(seq: number) {
			const key = metas.get(seq)?.key;
			return key
				? { part: { preview: toText(key) ?? 'ff d8', size: key.length, binary: toText(key) === undefined } }
				: {};
		},
		bytes: (seq: number, id: string) => partsOf(seq).find((part) => part.id === id)?.bytes,
		detail(seq: number): { parts?: DetailPart[] } {
			const parts = partsOf(seq).map(({ id, label, bytes }): DetailPart => {
				const text = toText(bytes);
				const decodings: Decoding[] = text === undefined ? ['hex', 'base64'] : ['text', 'hex', 'base64'];
				return { id, label, size: bytes.length, decodings: text?.startsWith('{') ? ['json', ...decodings] : decodings };
			});
			return parts.length > 0 ? { parts } : {};
		},
		values: (seq: number, target: string, payload: Uint8Array) =>
			records.files?.resend?.({ target, payload, flags: 0, meta: metas.get(seq) ?? {} }).values ?? {},
	};
}
