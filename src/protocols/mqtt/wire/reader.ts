import { isUtf8 } from 'node:buffer';
import { fail } from '../../../base/failure';

/** The failure for a broker that breaks the specification. It ends the link, since nothing after it can be trusted. */
export function broken(message: string, evidence?: string) {
	return fail('protocol-violation', message, { evidence });
}

/** Reads the data types of MQTT 5, 1.5, from one packet. Throws when the packet ends early or a text is not valid. */
export class Reader {
	constructor(
		private readonly bytes: Buffer,
		private at: number,
		private end: number,
		/** The packet in sentences, as in "a PUBLISH". */
		private readonly what: string,
	) {}

	get left(): number {
		return this.end - this.at;
	}

	get position(): number {
		return this.at;
	}

	private take(count: number, part: string): number {
		const start = this.at;
		if (start + count > this.end) throw broken(`The broker sent ${this.what} that ends in the middle of ${part}.`);
		this.at = start + count;
		return start;
	}

	byte(part: string): number {
		return this.bytes[this.take(1, part)] as number;
	}

	uint16(part: string): number {
		return this.bytes.readUInt16BE(this.take(2, part));
	}

	uint32(part: string): number {
		return this.bytes.readUInt32BE(this.take(4, part));
	}

	/** Reads a variable byte integer (1.5.5). */
	varint(part: string): number {
		let value = 0;
		for (let shift = 0; shift < 28; shift += 7) {
			const byte = this.byte(part);
			value |= (byte & 0x7f) << shift;
			if (byte < 0x80) return value;
		}
		throw broken(`The broker sent ${this.what} with ${part} of more than four bytes (MQTT 5, 1.5.5).`);
	}

	binary(part: string): Buffer {
		const length = this.uint16(part);
		const start = this.take(length, part);
		return this.bytes.subarray(start, start + length);
	}

	text(part: string): string {
		return textOf(this.binary(part), this.what, part);
	}

	/** Returns a reader of the next `length` bytes and skips them. */
	section(length: number, part: string): Reader {
		const start = this.take(length, part);
		return new Reader(this.bytes, start, start + length, this.what);
	}

	rest(): Buffer {
		return this.bytes.subarray(this.at, this.end);
	}
}

/** Decodes a text, which must be UTF-8 without NUL (1.5.4). */
export function textOf(bytes: Buffer, what: string, part: string): string {
	if (!isUtf8(bytes)) throw broken(`The broker sent ${what} with ${part} that is not UTF-8 (MQTT 5, 1.5.4).`);
	if (bytes.includes(0)) throw broken(`The broker sent ${what} with ${part} that contains NUL (MQTT 5, 1.5.4).`);
	return bytes.toString('utf8');
}
