import { isUtf8 } from 'node:buffer';
import type { Unfinished } from '../../adapter';

/** First bytes of a message that is neither in fragments nor compressed (RFC 6455, section 5.2). */
const wholeText = 0x81;
const wholeBinary = 0x82;
/** The longest head: two bytes and a length of eight. Servers must not mask frames. */
const maxHead = 10;
const maxControl = 125;

export interface FramesOptions {
	/** Largest message accepted, in bytes. */
	limit: number;
	/** Called with messages that are taken straight from the bytes; undefined where they may be compressed. */
	message?(payload: Buffer, binary: boolean): void;
	/** Hands bytes to ws, which must read them before this returns for messages to be taken. */
	leave(bytes: Buffer): void;
}

export interface Frames {
	push(chunk: Buffer): void;
	/** ws has delivered the message that was left to it. */
	delivered(): void;
	/** The message of which only a part has arrived, in one frame or in fragments. */
	unfinished(): Unfinished | undefined;
	/** Payload bytes of the last message that was left to ws, as its frames have declared them so far. */
	readonly declared: number;
}

/**
 * Follows the frames of a server. Takes whole, uncompressed messages straight from the bytes and leaves everything else to
 * ws, byte for byte as it came: control frames, fragments, frames that the end of a chunk cuts, and faults. From a close
 * frame or the first fault on, everything is left to ws. Because ws reads in the same turn, the order of messages is kept.
 */
export function followFrames({ limit, message, leave }: FramesOptions): Frames {
	/** RSV1 marks a compressed message (RFC 7692, section 6). */
	const reservedBits = message ? 0x70 : 0x30;
	let leavesAll = false;
	/** Bytes still to come of the frame that ws reads. */
	let owed = 0;
	/** The head of a frame that the end of a chunk has cut. ws has it already. */
	let head: Buffer | undefined;
	/** The frame that was opened last: the bytes of its payload, whether it is data, and whether it ends its message. */
	let payloadSize = 0;
	let isData = false;
	let isFinal = true;
	/** A message in fragments is being received. */
	let isFragmented = false;
	/** Payload bytes of the message's frames, as declared, and of those that are complete. */
	let declared = 0;
	let complete = 0;
	/** The end of a message was left to ws, which delivers it at once unless it refuses it. */
	let isAwaited = false;
	let since: number | undefined;
	/** A message, or a control frame outside of one, has ended within this chunk. */
	let hasEnded = false;

	/** Reads a frame's head. Returns the length of head and payload; undefined if more of the head is needed. */
	function openFrame(bytes: Buffer, at: number): number | undefined {
		if (bytes.length < at + 2) return undefined;
		const first = bytes[at] as number;
		const short = bytes[at + 1] as number;
		const opcode = first & 0x0f;
		const final = first >= 0x80;
		const isControl = (opcode === 9 || opcode === 10) && final && short <= maxControl;
		const fits = isFragmented ? opcode === 0 : opcode === 1 || opcode === 2;
		if ((!isControl && !fits) || (first & reservedBits) !== 0 || short > 127) {
			leavesAll = true;
			return 0;
		}
		const headSize = short < 126 ? 2 : short === 126 ? 4 : maxHead;
		if (bytes.length < at + headSize) return undefined;
		payloadSize =
			short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
		isData = !isControl;
		isFinal = final;
		if (isData) {
			declared = isFragmented ? declared + payloadSize : payloadSize;
			isFragmented = true;
			isAwaited = final;
			leavesAll = declared > limit;
		}
		return headSize + payloadSize;
	}

	function closeFrame(): void {
		if (isData && !isFinal) {
			complete += payloadSize;
			return;
		}
		if (isData) {
			isFragmented = false;
			complete = 0;
		}
		hasEnded ||= !isFragmented;
	}

	function finishHead(chunk: Buffer): void {
		if (!head) return;
		const bytes = Buffer.concat([head, chunk.subarray(0, maxHead)]);
		const length = openFrame(bytes, 0);
		if (length === undefined) {
			head = bytes;
			return;
		}
		owed = length - head.length;
		head = undefined;
		if (owed === 0) closeFrame();
	}

	function walk(chunk: Buffer): void {
		finishHead(chunk);
		if (leavesAll || head) {
			leave(chunk);
			return;
		}
		const { length } = chunk;
		let at = Math.min(owed, length);
		if (owed > 0) {
			owed -= at;
			if (owed === 0) closeFrame();
		}
		/** Where the bytes begin that are left to ws. */
		let from = 0;
		while (at < length && !leavesAll) {
			const first = chunk[at];
			if (message && (first === wholeText || first === wholeBinary) && !isFragmented && at + 4 <= length) {
				const short = chunk[at + 1] as number;
				const start = short < 126 ? at + 2 : at + 4;
				const end = start + (short === 126 ? chunk.readUInt16BE(at + 2) : short);
				if (short < 127 && end <= length && end - start <= limit) {
					const payload = chunk.subarray(start, end);
					if (from < at) {
						leave(chunk.subarray(from, at));
						from = at;
					}
					if (isAwaited || (first === wholeText && !isUtf8(payload))) {
						leavesAll = true;
						break;
					}
					message(payload, first === wholeBinary);
					hasEnded = true;
					at = end;
					from = end;
					continue;
				}
			}
			const frame = openFrame(chunk, at);
			if (frame === undefined) {
				head = Buffer.from(chunk.subarray(at));
				at = length;
			} else {
				at += frame;
				if (at <= length && !leavesAll) closeFrame();
			}
		}
		if (!leavesAll) owed += at - length;
		if (from < length) leave(chunk.subarray(from));
	}

	return {
		push(chunk) {
			if (leavesAll) {
				leave(chunk);
				return;
			}
			hasEnded = false;
			walk(chunk);
			// The bytes after a message that has ended in this chunk belong to a new one.
			if (!head && owed === 0 && !isFragmented) since = undefined;
			else if (hasEnded || since === undefined) since = performance.now();
		},
		delivered() {
			isAwaited = false;
		},
		unfinished() {
			if (since === undefined || leavesAll) return undefined;
			if (head) return { since, bytes: complete + head.length };
			const bytes = complete + (owed > 0 ? payloadSize - owed : 0);
			if (owed === 0 || !isFinal) return { since, bytes };
			return { since, bytes, size: isData ? declared : payloadSize };
		},
		get declared() {
			return declared;
		},
	};
}
