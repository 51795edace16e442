import { broken, contentHeaderSize, endsWithTable, frame, frameOverhead, frameType } from './frames';

/** Bytes of the table that amqplib writes for `{ '': { '!': 'long', value } }`: size, empty name, type, value. */
const tableSize = 14;
const tableStart = Buffer.from('0000000a006c', 'hex');

/**
 * Tables and properties that amqplib cannot write: it takes them as objects, which lose the order of some names,
 * duplicates and text that is not UTF-8. The library gets a table with a number instead, and the guard puts the bytes in
 * its place when the frame leaves.
 */
export function createPlaceholders() {
	const waiting = new Map<number, Uint8Array>();
	let next = 0;
	return {
		/** A table for amqplib that stands for these bytes, in exactly one frame. */
		for(bytes: Uint8Array): Record<string, object> {
			waiting.set(++next, bytes);
			return { '': { '!': 'long', value: next } };
		},
		/** The frame with the bytes in place of the number. Other frames are returned as they are. */
		replace(type: number, channel: number, id: number, bytes: Buffer): Buffer {
			const isHeader = type === frameType.header;
			if (!isHeader && !(type === frameType.method && endsWithTable(id))) return bytes;
			const end = bytes.length - 1;
			const at = end - tableSize;
			const number = Number(bytes.readBigInt64BE(end - 8));
			const replacement = waiting.get(number);
			if (!replacement || !tableStart.equals(bytes.subarray(at, at + tableStart.length))) {
				// Questions whether a queue or exchange exists have an empty table.
				if (!isHeader && bytes.readUInt32BE(end - 4) === 0) return bytes;
				throw broken('The AMQP library wrote arguments in a way that is not expected.');
			}
			waiting.delete(number);
			const keep = isHeader ? frameOverhead - 1 + contentHeaderSize : at;
			return frame(type, channel, bytes.subarray(7, keep), replacement);
		},
	};
}

export type Placeholders = ReturnType<typeof createPlaceholders>;
