import { isUtf8 } from 'node:buffer';
import { direction, type Said } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { wholeCharacters } from '../decode/bytes';
import { decodedText } from '../decode/preview/decoded-text';
import { declaredOf } from './previews';
import type { Rows } from './rows';

/** Bytes of a payload that are shown in a chat. */
const maxBytes = 4096;

/** Returns what messages say. Messages of a protocol without conversations say nothing. */
export function createSaid(rows: Rows, description: ProtocolDescription) {
	const { conversation } = description;

	function saidBy(seq: number): Said {
		const { segment, row } = rows.place(seq);
		const flags = segment.flags[row] as number;
		if (!conversation || direction(flags) === 'note') return {};
		const payload = rows.payload(seq);
		const head = payload.subarray(0, wholeCharacters(payload, maxBytes));
		if (isUtf8(head)) {
			const text = conversation.said(head.toString(), flags);
			return text === undefined ? {} : { text, ...(head.length < payload.length && { isCut: true }) };
		}
		if (conversation.said('', flags) === undefined) return {};
		const declared = declaredOf(description, rows.meta(seq));
		const decoded = decodedText(payload, declared, { bytes: maxBytes, characters: maxBytes });
		if (decoded) return { text: decoded.text, ...(decoded.isCut && { isCut: true }) };
		return { text: rows.row(seq).preview, isCut: true };
	}

	return (messages: readonly number[]): Said[] =>
		messages.map((seq) => {
			try {
				return saidBy(seq);
			} catch {
				// Evicted meanwhile.
				return {};
			}
		});
}
