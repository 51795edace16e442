import { generate } from 'coap-packet';
import { codeText, isResponse, type MessageType } from '../describe/codes';
import { criticalFault, isAllowedLength, type Option } from './options';

/** A message of CoAP. */
export interface Message {
	type: MessageType;
	/** The byte: class × 32 + detail. */
	code: number;
	id: number;
	token: Uint8Array;
	/** In order of their numbers. */
	options: Option[];
	payload: Uint8Array;
	/** Of a message that was read: all before the payload and its marker, in hexadecimal. */
	head?: string;
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
export function readMessage(bytes: Buffer): Received | Fault {
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
	const places: number[] = [];
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
			return new Received(bytes, places, at - 1, at);
		}
		const delta = extended(head >> 4);
		const length = delta < 0 ? -1 : extended(head & 15);
		if (length < 0) return bad('an option cannot be read');
		if (at + length > end) return bad('it ends in an option');
		number += delta;
		if (number > 65_535) return bad('the number of an option is above 65,535');
		if (places.length === 3 * mostOptions) return bad(`it has more than ${mostOptions} options`);
		places.push(number, at, length);
		at += length;
	}
	return new Received(bytes, places, end, end);
}

/**
 * A datagram that was found well-formed. Its parts are views of it, and made when they are asked for: of most messages
 * of a flood nobody wants but two numbers.
 */
export class Received implements Message {
	readonly type: MessageType;
	readonly code: number;
	readonly id: number;
	private made: Option[] | undefined;

	/** `places`: number, start and length of each option. */
	constructor(
		private readonly bytes: Buffer,
		private readonly places: readonly number[],
		private readonly headEnd: number,
		private readonly start: number,
	) {
		this.type = (((bytes[0] as number) >> 4) & 3) as MessageType;
		this.code = bytes[1] as number;
		this.id = (bytes[2] as number) * 256 + (bytes[3] as number);
	}

	/** A plain view: a Buffer costs three times as much. */
	private view(start: number, length: number): Uint8Array {
		return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + start, length);
	}

	get token(): Uint8Array {
		return this.view(4, (this.bytes[0] as number) & 15);
	}

	/** The token as a number, if it has the length of ours; else -1. */
	get key(): number {
		return ((this.bytes[0] as number) & 15) === 4 ? this.bytes.readUInt32BE(4) : -1;
	}

	get options(): Option[] {
		if (this.made) return this.made;
		this.made = [];
		for (let at = 0; at < this.places.length; at += 3)
			this.made.push({
				number: this.places[at] as number,
				value: this.view(this.places[at + 1] as number, this.places[at + 2] as number),
			});
		return this.made;
	}

	get payload(): Uint8Array {
		return this.view(this.start, this.bytes.length - this.start);
	}

	get head(): string {
		return this.bytes.toString('hex', 0, this.headEnd);
	}

	/** As `criticalFaultIn`, without making options. `except`: options of these numbers are no fault. */
	criticalFault(except: readonly Option[] = []): string | undefined {
		for (let at = 0; at < this.places.length; at += 3) {
			if (except.some(({ number }) => number === this.places[at])) continue;
			const fault = criticalFault(this.places[at] as number, this.places[at + 2] as number, this.places[at - 3]);
			if (fault) return fault;
		}
		return undefined;
	}

	/** As `findUint`, without making options. */
	uint(number: number): number | undefined {
		for (let at = 0; at < this.places.length; at += 3) {
			const length = this.places[at + 2] as number;
			if (this.places[at] !== number || !isAllowedLength(number, length)) continue;
			const start = this.places[at + 1] as number;
			let value = 0;
			for (let byte = start; byte < start + length; byte++) value = value * 256 + (this.bytes[byte] as number);
			return value;
		}
		return undefined;
	}
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
