import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';

/** First bytes of a message that is neither in fragments nor compressed (RFC 6455, section 5.2). */
const wholeText = 0x81;
const wholeBinary = 0x82;
/** The longest head: two bytes and a length of eight. The server masks nothing. */
const longestHead = 10;
const longestControl = 125;

/**
 * Takes whole messages straight from the bytes, and leaves everything else to `ws`, byte for byte as it came: control
 * frames, fragments, what the end of a chunk cuts, and whatever is wrong. From a close frame or the first wrong byte on,
 * all is left to it. `ws` reads in the same turn, so the order of messages is kept; where compression was negotiated it
 * does not, and this must not be used. The returned function is to be called for each message that `ws` reads.
 */
export function readFrames(
	stream: Socket,
	/** Of a message, in bytes. */
	limit: number,
	message: (payload: Buffer, binary: boolean) => void,
): () => void {
	const theirs = stream.listeners('data') as ((chunk: Buffer) => void)[];
	stream.removeAllListeners('data');
	const leave = (bytes: Buffer) => {
		for (const listener of theirs) listener.call(stream, bytes);
	};
	let leavingAll = false;
	/** Bytes still to come of a frame that `ws` reads. */
	let owed = 0;
	/** A frame's head that the end of a chunk cut. `ws` has it already. */
	let head: Buffer | undefined;
	let fragmented = false;
	/** The end of a message has been left to `ws`, which tells of it at once unless it refuses it. */
	let awaited = false;

	/** Length of the frame with its head; undefined: more of the head is needed. Sets `leavingAll` for what is not usual. */
	function frameLength(bytes: Buffer, at: number): number | undefined {
		if (bytes.length < at + 2) return undefined;
		const first = bytes[at] as number;
		const short = bytes[at + 1] as number;
		const opcode = first & 0x0f;
		const final = first >= 0x80;
		const control = (opcode === 9 || opcode === 10) && final && short <= longestControl;
		const data = fragmented ? opcode === 0 : opcode === 1 || opcode === 2;
		if ((!control && !data) || (first & 0x70) !== 0 || short > 127) {
			leavingAll = true;
			return 0;
		}
		const size = short < 126 ? 2 : short === 126 ? 4 : longestHead;
		if (bytes.length < at + size) return undefined;
		const length =
			short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
		if (data) {
			fragmented = !final;
			awaited = final;
		}
		leavingAll = length > limit;
		return size + length;
	}

	function finishHead(chunk: Buffer): void {
		if (!head) return;
		const bytes = Buffer.concat([head, chunk.subarray(0, longestHead)]);
		const length = frameLength(bytes, 0);
		if (length !== undefined) owed = length - head.length;
		head = length === undefined ? bytes : undefined;
	}

	stream.on('data', (chunk: Buffer) => {
		finishHead(chunk);
		if (leavingAll || head) return leave(chunk);
		const { length } = chunk;
		let at = Math.min(owed, length);
		owed -= at;
		/** Where the bytes begin that are to be left to `ws`. */
		let from = 0;
		while (at < length && !leavingAll) {
			const first = chunk[at];
			if ((first === wholeText || first === wholeBinary) && !fragmented && at + 4 <= length) {
				const short = chunk[at + 1] as number;
				const start = short < 126 ? at + 2 : at + 4;
				const end = start + (short === 126 ? chunk.readUInt16BE(at + 2) : short);
				if (short < 127 && end <= length && end - start <= limit) {
					const payload = chunk.subarray(start, end);
					if (first === wholeBinary || isUtf8(payload)) {
						if (from < at) {
							leave(chunk.subarray(from, at));
							from = at;
						}
						if (awaited) {
							leavingAll = true;
							break;
						}
						message(payload, first === wholeBinary);
						at = end;
						from = end;
						continue;
					}
					leavingAll = true;
					break;
				}
			}
			const whole = frameLength(chunk, at);
			if (whole === undefined) {
				head = Buffer.from(chunk.subarray(at));
				at = length;
			} else at += whole;
		}
		if (!leavingAll) owed += at - length;
		if (from < length) leave(chunk.subarray(from));
	});
	return () => {
		awaited = false;
	};
}
