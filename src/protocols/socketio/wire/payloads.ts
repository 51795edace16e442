import { isUtf8 } from 'node:buffer';
import { tooLarge } from '../../shared/failures';
import { violation } from './packet';
import { type Revision, revision3 } from './revision';
import type { Unit } from './transport';

/** Receives the packets of a polling payload, in order. */
export interface PayloadListener {
	text(bytes: Buffer): void;
	binary(bytes: Buffer): void;
}

export interface PayloadReader {
	/** Throws a FailureError for what is not a payload, or for a packet above the limit. */
	push(chunk: Buffer): void;
	/** The payload ends here. Throws likewise. */
	end(): void;
}

const separator = 0x1e;
const base64Mark = 0x62;
const colon = 0x3a;

/**
 * Reads the body of a poll. `limit`: of a packet, in bytes; no more than that is kept. Revision 4 separates packets by U+001E.
 * Revision 3 writes their length in front, in UTF-16 units. In both, binary packets are in Base64.
 */
export function payloadReader(revision: Revision, limit: number, listener: PayloadListener): PayloadReader {
	return revision === revision3 ? lengthReader(limit, listener) : separatorReader(limit, listener);
}

/** Collects the packet that is being received. Base64 is decoded piece by piece, because the text takes more than its bytes. */
class PacketBuffer {
	private parts: Buffer[] = [];
	private size = 0;
	private isBinary = false;
	/** Bytes of the mark of a binary packet that are still to come. */
	private mark = 0;
	/** The start of a group of four characters. */
	private group = '';
	isEmpty = true;

	/** `marked`: bytes in front of Base64. */
	constructor(
		private readonly marked: number,
		private readonly limit: number,
		private readonly listener: PayloadListener,
	) {}

	/** Throws `message-too-large`. */
	take(chunk: Buffer): void {
		if (chunk.length === 0) return;
		if (this.isEmpty) {
			this.isEmpty = false;
			this.isBinary = chunk[0] === base64Mark;
			this.mark = this.isBinary ? this.marked : 0;
		}
		if (!this.isBinary) {
			this.keep(chunk);
			return;
		}
		const skipped = Math.min(this.mark, chunk.length);
		this.mark -= skipped;
		const text = this.group + chunk.toString('latin1', skipped);
		const whole = text.length - (text.length % 4);
		this.group = text.slice(whole);
		this.keep(Buffer.from(text.slice(0, whole), 'base64'));
	}

	private keep(bytes: Buffer): void {
		this.size += bytes.length;
		if (this.size > this.limit) throw tooLarge('server', 'a packet', this.size, this.limit);
		this.parts.push(bytes);
	}

	finish(): void {
		if (this.isEmpty) throw violation('The server sent an empty packet.');
		if (this.isBinary) this.keep(Buffer.from(this.group, 'base64'));
		const bytes = this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts, this.size);
		this.parts = [];
		this.size = 0;
		this.group = '';
		this.isEmpty = true;
		if (this.isBinary) this.listener.binary(bytes);
		else if (isUtf8(bytes)) this.listener.text(bytes);
		else throw violation('The server sent a packet that is not valid UTF-8.');
	}
}

function separatorReader(limit: number, listener: PayloadListener): PayloadReader {
	const packet = new PacketBuffer(1, limit, listener);
	return {
		push(chunk) {
			let at = 0;
			for (let end = chunk.indexOf(separator); end >= 0; end = chunk.indexOf(separator, at)) {
				packet.take(chunk.subarray(at, end));
				packet.finish();
				at = end + 1;
			}
			packet.take(chunk.subarray(at));
		},
		end() {
			if (!packet.isEmpty) packet.finish();
		},
	};
}

/** Digits of a length. */
const maxDigits = 10;

function lengthReader(limit: number, listener: PayloadListener): PayloadReader {
	const packet = new PacketBuffer(2, limit, listener);
	let digits = '';
	/** UTF-16 units of the packet that are still to come; undefined: its length is being received. */
	let need: number | undefined;

	/** Reads a part of the length. Returns where to go on. */
	function readLength(chunk: Buffer, from: number): number {
		for (let at = from; at < chunk.length; at++) {
			const byte = chunk[at] as number;
			if (byte === colon && digits !== '') {
				need = Number(digits);
				digits = '';
				return at + 1;
			}
			if (byte < 0x30 || byte > 0x39 || digits.length >= maxDigits)
				throw violation(
					'The server sent a payload without the lengths of its packets.',
					chunk.subarray(from, from + 100),
				);
			digits += String.fromCharCode(byte);
		}
		return chunk.length;
	}

	/** The end of the packet in a chunk, or the end of the chunk. Characters of four bytes are two units. */
	function endOf(chunk: Buffer, from: number): number {
		let left = need ?? 0;
		let at = from;
		for (; at < chunk.length; at++) {
			const byte = chunk[at] as number;
			const isContinued = (byte & 0xc0) === 0x80;
			if (left === 0 && !isContinued) break;
			if (!isContinued) left -= byte >= 0xf0 ? 2 : 1;
			if (left < 0) throw violation('The server cut a character in the middle of a payload.');
		}
		need = left;
		return at;
	}

	return {
		push(chunk) {
			let at = 0;
			while (at < chunk.length) {
				if (need === undefined) at = readLength(chunk, at);
				if (need === undefined) break;
				const end = endOf(chunk, at);
				packet.take(chunk.subarray(at, end));
				at = end;
				// The last character may go on in the next chunk.
				if (need > 0 || end === chunk.length) break;
				finish();
			}
		},
		end() {
			if (need === 0) finish();
			if (need !== undefined || digits !== '') throw violation('The server ended a payload in the middle of a packet.');
		},
	};

	function finish(): void {
		need = undefined;
		// An answer without packets is a packet of no length.
		if (!packet.isEmpty) packet.finish();
	}
}

/** The packets of a unit as a polling payload has them. */
export function encodeUnit({ text, attachments = [] }: Unit, revision: Revision): string[] {
	const packets = [
		typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString(),
	];
	for (const bytes of attachments) {
		const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
		packets.push(revision === revision3 ? `b4${base64}` : `b${base64}`);
	}
	return packets;
}

export function joinPackets(packets: readonly string[], revision: Revision): Buffer {
	if (revision === revision3) return Buffer.from(packets.map((one) => `${one.length}:${one}`).join(''));
	return Buffer.from(packets.join('\x1e'));
}
