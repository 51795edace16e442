import { codeText, isResponse, type MessageType } from '../describe/codes';
import { criticalFault, isAllowedLength, type Option, uintOf } from './options';

/** A CoAP message. */
export interface Message {
	type: MessageType;
	/** The byte: class × 32 + detail. */
	code: number;
	id: number;
	token: Uint8Array;
	/** In the order of their numbers. */
	options: Option[];
	payload: Uint8Array;
	/** In a message that was read: all bytes before the payload and its marker. */
	head?: Uint8Array;
}

/** A malformed datagram. `id` is set if it was confirmable and must be answered by a reset (RFC 7252 section 4.2). */
export interface Fault {
	fault: string;
	id?: number;
}

/** More options than any real message has. */
const maxOptions = 200;

/**
 * Reads a datagram, or the head that was kept of one (RFC 7252, 3). Replaces the codec's `parse`, which accepts a value
 * that is cut off by the end of the datagram, accepts reserved token lengths, and throws where it reads beyond the end.
 */
export function readMessage(bytes: Uint8Array): Received | Fault {
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
	if (code === 0 && end > 4) return bad('an empty message has content');
	if (code !== 0 && code >> 5 !== 0 && !isResponse(code)) return bad(`its code ${codeText(code)} is reserved`);
	const places: number[] = [];
	let number = 0;
	/** A nibble with its extension (RFC 7252, 3.1); negative if it cannot be read. */
	const extended = (nibble: number): number => {
		if (nibble < 13) return nibble;
		if (nibble === 13) return at < end ? (bytes[at++] as number) + 13 : -1;
		if (nibble === 15 || at + 2 > end) return -1;
		at += 2;
		return (bytes[at - 2] as number) * 256 + (bytes[at - 1] as number) + 269;
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
		if (places.length === 3 * maxOptions) return bad(`it has more than ${maxOptions} options`);
		places.push(number, at, length);
		at += length;
	}
	return new Received(bytes, places, end, end);
}

/**
 * A well-formed datagram. Its parts are views that are created when they are read: of most messages of a flood only two
 * numbers are used.
 */
export class Received implements Message {
	readonly type: MessageType;
	readonly code: number;
	readonly id: number;
	private created: Option[] | undefined;

	/** `places`: number, start and length of each option. */
	constructor(
		private readonly bytes: Uint8Array,
		private readonly places: readonly number[],
		private readonly headEnd: number,
		private readonly payloadStart: number,
	) {
		this.type = (((bytes[0] as number) >> 4) & 3) as MessageType;
		this.code = bytes[1] as number;
		this.id = (bytes[2] as number) * 256 + (bytes[3] as number);
	}

	/** A Uint8Array, since a view that is a Buffer costs three times as much. */
	private view(start: number, length: number): Uint8Array {
		return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + start, length);
	}

	get token(): Uint8Array {
		return this.view(4, (this.bytes[0] as number) & 15);
	}

	/** A token of four bytes as a number: one that this client has chosen. -1 for any other length. */
	get key(): number {
		return ((this.bytes[0] as number) & 15) === 4 ? uintOf(this.bytes, 4, 8) : -1;
	}

	get options(): Option[] {
		if (this.created) return this.created;
		this.created = [];
		for (let at = 0; at < this.places.length; at += 3)
			this.created.push({
				number: this.places[at] as number,
				value: this.view(this.places[at + 1] as number, this.places[at + 2] as number),
			});
		return this.created;
	}

	get payload(): Uint8Array {
		return this.view(this.payloadStart, this.bytes.length - this.payloadStart);
	}

	get head(): Uint8Array {
		return this.view(0, this.headEnd);
	}

	/** As `criticalFaultIn`, without creating options. Options with the numbers in `except` are no fault. */
	criticalFault(except: readonly Option[] = []): string | undefined {
		for (let at = 0; at < this.places.length; at += 3) {
			if (except.some(({ number }) => number === this.places[at])) continue;
			const fault = criticalFault(this.places[at] as number, this.places[at + 2] as number, this.places[at - 3]);
			if (fault) return fault;
		}
		return undefined;
	}

	/** As `findUint`, without creating options. */
	uint(number: number): number | undefined {
		for (let at = 0; at < this.places.length; at += 3) {
			const length = this.places[at + 2] as number;
			if (this.places[at] !== number || !isAllowedLength(number, length)) continue;
			const start = this.places[at + 1] as number;
			return uintOf(this.bytes, start, start + length);
		}
		return undefined;
	}
}
