import { type FailureError, fail } from '../../../base/failure';
import { tooLarge } from '../../shared/failures';
import { createFramer, type Framer } from '../../shared/frames';
import { peerText } from '../../shared/peer-text';
import { createTextCache } from '../../shared/text-cache';
import { natsFlag, statusFlags } from '../describe/flags';

/**
 * A received message. `meta`: the bytes from its reply subject on, as `readMeta` reads them. Payload and meta are views that
 * are valid until the function returns.
 */
export type OnMessage = (
	sid: number,
	subject: string,
	payload: Uint8Array,
	meta: Uint8Array | undefined,
	flags: number,
) => void;

export interface ReaderEvents {
	message: OnMessage;
	/** The JSON of INFO. */
	info(json: string): void;
	/** The text of -ERR without its quotation marks. */
	error(text: string): void;
	ping(): void;
	pong(): void;
}

export const violation = (message: string, evidence?: string): FailureError =>
	fail('protocol-violation', message, { evidence });

/** Longest control line of a message and of INFO or -ERR, in bytes. Servers write at most 4 KiB by default. */
const maxMessageLine = 64 * 1024;
const maxLine = 256 * 1024;
/** Size of the chunks that are kept until the next one comes, in bytes. */
const maxCachedChunk = 256 * 1024;

const [lf, cr, space, zero, nine] = [10, 13, 32, 48, 57];
const [letterM, letterH, letterS] = [0x4d, 0x48, 0x53];
/** "NATS/1.0" */
const versionLength = 8;

/**
 * Reads what a server sends (NATS client protocol). Messages are taken straight from the bytes. `push` throws for a message
 * of more than `limit` bytes before it is kept, and for lines that are malformed.
 */
export function createReader(limit: number, events: ReaderEvents): Framer {
	const subjectOf = createTextCache((bytes, start, end) => bytes.toString('utf8', start, end));
	/** Positions in the message that `size` has read last. */
	let [sid, subjectStart, subjectEnd, restStart, replyEnd, bodyStart, headerEnd] = [0, 0, 0, 0, 0, 0, 0];

	let chunk: Buffer | undefined;
	let buffer: ArrayBufferLike = new ArrayBuffer(0);
	// Hot path: `subarray` of a Buffer takes more than twice the time, half of it to get the buffer below.
	function viewOf(bytes: Buffer, start: number, end: number): Uint8Array {
		if (bytes !== chunk) {
			if (bytes.length > maxCachedChunk) return bytes.subarray(start, end);
			chunk = bytes;
			buffer = bytes.buffer;
		}
		return new Uint8Array(buffer, bytes.byteOffset + start, end - start);
	}

	function badLine(bytes: Buffer, at: number, what: string): FailureError {
		return violation(`The server sent ${what}.`, peerText(bytes.toString('latin1', at, at + 60), { most: 60 }));
	}

	/** The number that ends at `end`, in `numberValue`. Returns its start. */
	let numberValue = 0;
	function numberBefore(bytes: Buffer, start: number, end: number): number {
		let at = end;
		let value = 0;
		let factor = 1;
		for (; at > start; at--) {
			const byte = bytes[at - 1] as number;
			if (byte < zero || byte > nine) break;
			value += (byte - zero) * factor;
			factor *= 10;
		}
		if (at === end || (at > start && bytes[at - 1] !== space))
			throw badLine(bytes, start, 'a message without its size');
		numberValue = value;
		return at;
	}

	/** The line of a message has not arrived yet. */
	function incomplete(bytes: Buffer, at: number): 0 {
		if (bytes.length - at > maxMessageLine) throw badLine(bytes, at, 'a message whose first line does not end');
		return 0;
	}

	// Hot path: a search of `Buffer` for each line costs more than these loops over its few bytes, and so does reading past the end.
	function messageSize(bytes: Buffer, at: number, hasHeaders: boolean): number {
		const { length } = bytes;
		let next = at + (hasHeaders ? 5 : 4);
		subjectStart = next;
		for (; next < length; next++) {
			const byte = bytes[next] as number;
			// One comparison for nearly all bytes.
			if (byte <= space && (byte === space || byte === lf)) break;
		}
		subjectEnd = next;
		while (next < length && bytes[next] === space) next++;
		let number = 0;
		for (; next < length; next++) {
			const byte = bytes[next] as number;
			if (byte < zero || byte > nine) break;
			number = number * 10 + byte - zero;
		}
		sid = number;
		const sidEnd = next;
		while (next < length && bytes[next] === space) next++;
		restStart = next;
		while (next < length && bytes[next] !== lf) next++;
		if (next >= length) return incomplete(bytes, at);
		const line = next;
		const end = line - 1;
		const isNamed = bytes[at + (hasHeaders ? 4 : 3)] === space && bytes[at + (hasHeaders ? 2 : 1)] === letterS;
		if (bytes[end] !== cr || !isNamed || subjectEnd === subjectStart || bytes[sidEnd] !== space || restStart >= end)
			throw badLine(bytes, at, 'a malformed message');
		replyEnd = numberBefore(bytes, restStart, end);
		const total = numberValue;
		let headers = 0;
		if (hasHeaders) {
			while (replyEnd > restStart && bytes[replyEnd - 1] === space) replyEnd--;
			replyEnd = numberBefore(bytes, restStart, replyEnd);
			headers = numberValue;
			if (headers > total) throw badLine(bytes, at, 'a message that is shorter than its headers');
		}
		if (total > limit) throw tooLarge('server', 'a message', total, limit);
		while (replyEnd > restStart && bytes[replyEnd - 1] === space) replyEnd--;
		bodyStart = line + 1;
		headerEnd = bodyStart + headers;
		return bodyStart - at + total + 2;
	}

	function takeMessage(bytes: Buffer, start: number, end: number): void {
		if (bytes[end - 2] !== cr || bytes[end - 1] !== lf)
			throw badLine(bytes, start, 'a message that does not end where its size says');
		const subject = subjectOf(bytes, subjectStart, subjectEnd);
		const payload = viewOf(bytes, headerEnd, end - 2);
		const hasReply = replyEnd > restStart;
		let flags = hasReply ? natsFlag.reply : 0;
		let meta: Uint8Array | undefined;
		if (headerEnd > bodyStart) {
			meta = viewOf(bytes, restStart, headerEnd);
			const status = bodyStart + versionLength;
			if (bytes[status] === space)
				flags |= statusFlags(
					bytes
						.toString('latin1', status, status + 5)
						.trim()
						.slice(0, 3),
				);
		} else if (hasReply) meta = viewOf(bytes, restStart, replyEnd);
		events.message(sid, subject, payload, meta, flags);
	}

	function takeLine(bytes: Buffer, start: number, end: number): void {
		const line = bytes.toString('utf8', start, end).trimEnd();
		if (line === 'PING') events.ping();
		else if (line === 'PONG') events.pong();
		else if (line.startsWith('INFO ')) events.info(line.slice(5));
		else if (line.startsWith('-ERR'))
			events.error(
				line
					.slice(4)
					.trim()
					.replace(/^'(.*)'$/s, '$1'),
			);
		else if (line !== '+OK') throw badLine(bytes, start, 'a line that NATS does not define');
	}

	const isMessage = (byte: number) => byte === letterM || byte === letterH;
	return createFramer({
		size(bytes, at) {
			const first = bytes[at] as number;
			if (isMessage(first)) return messageSize(bytes, at, first === letterH);
			// I, P, + and -
			if (first !== 0x49 && first !== 0x50 && first !== 0x2b && first !== 0x2d)
				throw badLine(bytes, at, 'a line that NATS does not define');
			const line = bytes.indexOf(lf, at);
			if (line === -1) {
				if (bytes.length - at > maxLine) throw badLine(bytes, at, 'a line that does not end');
				return 0;
			}
			return line + 1 - at;
		},
		frame(bytes, start, end) {
			if (isMessage(bytes[start] as number)) takeMessage(bytes, start, end);
			else takeLine(bytes, start, end);
		},
	});
}
