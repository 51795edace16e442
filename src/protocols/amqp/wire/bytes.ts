import { ByteWriter } from '../../shared/byte-writer';
/** Bytes that end before the length they announce, or that AMQP 0-9-1 does not define. The caller reports it. */
export class Malformed extends Error {}

/** A long integer. The caller has checked that its bytes are there; `Buffer.readUInt32BE` costs more, as it checks again. */
export function uint32At(bytes: Uint8Array, at: number): number {
	return (
		(bytes[at] as number) * 0x1000000 +
		(((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
	);
}

/** U+FEFF at the start of a name or value belongs to it and is not a byte order mark. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Reads the data types of AMQP 0-9-1 (section 4.2.5). Throws `Malformed` when the bytes end early. Pure. */
export class Reader {
	private readonly view: DataView;

	constructor(
		private readonly bytes: Uint8Array,
		private at = 0,
		private readonly end = bytes.length,
	) {
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	get left(): number {
		return this.end - this.at;
	}

	take(count: number): number {
		const start = this.at;
		if (count > this.end - start) throw new Malformed('it ends early');
		this.at = start + count;
		return start;
	}

	uint8 = (): number => this.view.getUint8(this.take(1));
	uint16 = (): number => this.view.getUint16(this.take(2));
	uint32 = (): number => this.view.getUint32(this.take(4));
	int8 = (): number => this.view.getInt8(this.take(1));
	int16 = (): number => this.view.getInt16(this.take(2));
	int32 = (): number => this.view.getInt32(this.take(4));
	int64 = (): bigint => this.view.getBigInt64(this.take(8));
	uint64 = (): bigint => this.view.getBigUint64(this.take(8));
	float = (): number => this.view.getFloat32(this.take(4));
	double = (): number => this.view.getFloat64(this.take(8));

	/** A delivery tag as a number; no server counts beyond 2^53. */
	tag(): number {
		return Number(this.uint64());
	}

	slice(count: number): Uint8Array {
		const start = this.take(count);
		return this.bytes.subarray(start, start + count);
	}

	/** At most 255 bytes. Invalid UTF-8 is replaced by U+FFFD. */
	short = (): string => utf8.decode(this.slice(this.uint8()));
	long = (): string => utf8.decode(this.slice(this.uint32()));
	longBytes = (): Uint8Array => this.slice(this.uint32());

	/** A reader for the next `count` bytes, which this one skips. */
	section(count: number): Reader {
		const start = this.take(count);
		return new Reader(this.bytes, start, start + count);
	}
}

/** Writes the data types of AMQP 0-9-1. */
export class Writer extends ByteWriter {
	/** Throws a RangeError beyond 255 bytes; text from the user is checked before. */
	short(value: string | Uint8Array): this {
		const bytes = typeof value === 'string' ? encoder.encode(value) : value;
		if (bytes.length > 255) throw new RangeError('A short string has at most 255 bytes.');
		return this.uint8(bytes.length).raw(bytes);
	}
	long(value: string | Uint8Array): this {
		const bytes = typeof value === 'string' ? encoder.encode(value) : value;
		return this.uint32(bytes.length).raw(bytes);
	}
}

/** Lower-case hexadecimal digits. */
export const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Length of a text in bytes of UTF-8. */
export function utf8Length(text: string): number {
	return encoder.encode(text).length;
}
