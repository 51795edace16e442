import { generate } from 'coap-packet';
import { codeText, isResponse, type MessageType } from './codes';
import type { Option } from './options';

/** A datagram taken apart. The parts are views of it. */
export interface Message {
	type: MessageType;
	/** The byte: class × 32 + detail. */
	code: number;
	id: number;
	token: Uint8Array;
	/** In order of their numbers. */
	options: Option[];
	payload: Uint8Array;
	/** Of a message that was read: all before the payload and its marker. */
	head?: Buffer;
}

/** What is wrong with a datagram. `id`: of a confirmable one, which is answered by a reset (RFC 7252, 4.2). */
export interface Fault {
	fault: string;
	id?: number;
}

/** More options than any message of use has. */
const mostOptions = 200;

/**
 * Reads a datagram by RFC 7252, 3. Not by the codec's `parse`: that one takes a value cut off by the end of the datagram
 * for whole, accepts reserved token lengths, and throws where it reads beyond the end.
 */
export function readMessage(bytes: Buffer): Message | Fault {
	const end = bytes.length;
	if (end < 4) return { fault: 'it is shorter than a header' };
	const first = bytes[0] as number;
	if (first >> 6 !== 1) return { fault: `its version is ${first >> 6}` };
	const type = ((first >> 4) & 3) as MessageType;
	const code = bytes[1] as number;
	const id = (bytes[2] as number) * 256 + (bytes[3] as number);
	const bad = (fault: string): Fault => (type === 0 ? { fault, id } : { fault });
	let at = 4 + (first & 15);
	if (at > 12) return bad('its token length is reserved');
	if (at > end) return bad('it ends in its token');
	if (code === 0 && end > 4) return bad('an empty message has something in it');
	if (code !== 0 && code >> 5 !== 0 && !isResponse(code)) return bad(`its code ${codeText(code)} is reserved`);
	// Plain views: a Buffer for each costs three times as much, and a flood comes through here.
	const view = (start: number, length: number) => new Uint8Array(bytes.buffer, bytes.byteOffset + start, length);
	const token = view(4, at - 4);
	const options: Option[] = [];
	let number = 0;
	/** A nibble with its extension (3.1); below 0: it cannot be read. */
	const extended = (nibble: number): number => {
		if (nibble < 13) return nibble;
		if (nibble === 13) return at < end ? (bytes[at++] as number) + 13 : -1;
		if (nibble === 15 || at + 2 > end) return -1;
		at += 2;
		return bytes.readUInt16BE(at - 2) + 269;
	};
	while (at < end) {
		const head = bytes[at++] as number;
		if (head === 0xff) {
			if (at === end) return bad('a payload is announced and missing');
			return { type, code, id, token, options, payload: bytes.subarray(at), head: bytes.subarray(0, at - 1) };
		}
		const delta = extended(head >> 4);
		const length = delta < 0 ? -1 : extended(head & 15);
		if (length < 0) return bad('an option cannot be read');
		if (at + length > end) return bad('it ends in an option');
		number += delta;
		if (number > 65_535) return bad('the number of an option is above 65,535');
		if (options.length === mostOptions) return bad(`it has more than ${mostOptions} options`);
		options.push({ number, value: view(at, length) });
		at += length;
	}
	return { type, code, id, token, options, payload: bytes.subarray(end), head: bytes };
}

/** Longest UDP payload over IPv4. */
const longest = 65_507;

/** The datagram of a message. Throws if it is longer than UDP can carry. */
export function writeMessage({ type, code, id, token, options, payload }: Message): Buffer {
	return generate(
		{
			code: codeText(code),
			messageId: id,
			token: asBuffer(token),
			options: options.map(({ number, value }) => ({ name: String(number), value: asBuffer(value) })),
			payload: asBuffer(payload),
			confirmable: type === 0,
			ack: type === 2,
			reset: type === 3,
		},
		longest,
	);
}

/** An acknowledgement or reset without anything in it. */
export function emptyMessage(type: MessageType, id: number): Buffer {
	return Buffer.of(0x40 | (type << 4), 0, id >> 8, id & 255);
}

function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
