import { FailureError } from '../../../base/failure';
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

/**
 * Reads the body of a poll. `limit`: of a packet, in bytes; no more than that is kept. Revision 4 separates packets by U+001E.
 * Revision 3 writes their length in front, in UTF-16 units. In both, binary packets are in Base64.
 */
export function payloadReader(revision: Revision, limit: number, listener: PayloadListener): PayloadReader {
	return revision === revision3 ? lengthReader(limit, listener) : separatorReader(limit, listener);
}

/** Base64 takes four bytes for three. */
const longest = (limit: number) => Math.ceil(limit / 3) * 4 + 16;

function deliver(bytes: Buffer, mark: number, limit: number, listener: PayloadListener): void {
	if (bytes[0] !== base64Mark) {
		if (bytes.length > limit + 1) throw tooLarge('server', 'a packet', bytes.length, limit);
		listener.text(bytes);
		return;
	}
	const decoded = Buffer.from(bytes.toString('latin1', mark), 'base64');
	if (decoded.length > limit) throw tooLarge('server', 'an attachment', decoded.length, limit);
	listener.binary(decoded);
}

function separatorReader(limit: number, listener: PayloadListener): PayloadReader {
	let parts: Buffer[] = [];
	let size = 0;
	const take = (chunk: Buffer) => {
		size += chunk.length;
		if (size > longest(limit)) throw tooLarge('server', 'a packet', size, limit);
		parts.push(chunk);
	};
	const finish = () => {
		const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
		parts = [];
		size = 0;
		if (bytes.length === 0) throw violation('The server sent an empty packet.');
		deliver(bytes, 1, limit, listener);
	};
	return {
		push(chunk) {
			let at = 0;
			for (let end = chunk.indexOf(separator); end >= 0; end = chunk.indexOf(separator, at)) {
				take(chunk.subarray(at, end));
				finish();
				at = end + 1;
			}
			if (at < chunk.length) take(chunk.subarray(at));
		},
		end() {
			if (size > 0) finish();
		},
	};
}

/** Digits of a length. */
const maxDigits = 10;

function lengthReader(limit: number, listener: PayloadListener): PayloadReader {
	const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
	/** Text that is not read yet, in pieces, and its UTF-16 units. */
	let parts: string[] = [];
	let have = 0;
	/** UTF-16 units of the packet that is being received; undefined: its length is being received. */
	let need: number | undefined;
	const notText = () => violation('The server sent a payload that is not valid UTF-8.');

	function readLength(text: string, at: number): number {
		const colon = text.indexOf(':', at);
		const digits = text.slice(at, colon < 0 ? undefined : colon);
		if (!/^\d*$/.test(digits) || digits.length > maxDigits || (colon >= 0 && digits === ''))
			throw violation(
				'The server sent a payload without the lengths of its packets.',
				Buffer.from(text.slice(at, at + 100)),
			);
		if (colon < 0) return -1;
		need = Number(digits);
		if (need > longest(limit)) throw tooLarge('server', 'a packet', need, limit);
		return colon + 1;
	}

	function advance(): void {
		if (need !== undefined && have < need) return;
		const text = parts.join('');
		let at = 0;
		while (at < text.length || need === 0) {
			if (need === undefined) {
				const next = readLength(text, at);
				if (next < 0) break;
				at = next;
			}
			if (need === undefined || text.length - at < need) break;
			const packet = text.slice(at, at + need);
			at += need;
			need = undefined;
			if (packet !== '') deliver(Buffer.from(packet), 2, limit, listener);
		}
		parts = at < text.length ? [text.slice(at)] : [];
		have = text.length - at;
	}

	return {
		push(chunk) {
			let text: string;
			try {
				text = decoder.decode(chunk, { stream: true });
			} catch {
				throw notText();
			}
			parts.push(text);
			have += text.length;
			advance();
		},
		end() {
			try {
				decoder.decode();
			} catch (error) {
				throw error instanceof FailureError ? error : notText();
			}
			if (have > 0 || need !== undefined) throw violation('The server ended a payload in the middle of a packet.');
		},
	};
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
