/** A request that ends early, or that contains what its schema does not allow. */
export class Malformed extends Error {}

/** Reads the primitive types of Kafka's protocol. Throws `Malformed` at the end of the bytes. */
export class Reader {
	at = 0;

	constructor(
		readonly bytes: Buffer,
		/** Of the message. */
		readonly version: number,
		/** With compact lengths and tagged fields (KIP-482). */
		readonly flexible: boolean,
	) {}

	get left(): number {
		return this.bytes.length - this.at;
	}

	int8(): number {
		return this.bytes.readInt8(this.skip(1));
	}

	int16(): number {
		return this.bytes.readInt16BE(this.skip(2));
	}

	int32(): number {
		return this.bytes.readInt32BE(this.skip(4));
	}

	int64(): bigint {
		return this.bytes.readBigInt64BE(this.skip(8));
	}

	uuid(): string {
		const at = this.skip(16);
		return this.bytes.toString('hex', at, at + 16);
	}

	/** An unsigned number of at most 32 bits, seven bits in each byte. */
	unsigned(): number {
		let value = 0;
		for (let shift = 0; shift < 35; shift += 7) {
			const byte = this.bytes[this.skip(1)] as number;
			value += (byte & 0x7f) * 2 ** shift;
			if (byte < 0x80) return value;
		}
		throw new Malformed('A variable-length number has more than five bytes.');
	}

	/** The length of a string; -1 is null. */
	stringLength(): number {
		return this.flexible ? this.unsigned() - 1 : this.int16();
	}

	/** The length of bytes or of an array; -1 is null. */
	length(): number {
		return this.flexible ? this.unsigned() - 1 : this.int32();
	}

	/** Not copied: a view of the request. */
	take(length: number): Buffer {
		const at = this.skip(length);
		return this.bytes.subarray(at, at + length);
	}

	/** Ignores the tagged fields that `known` does not read. */
	tags(known: (tag: number) => boolean): void {
		for (let count = this.unsigned(); count > 0; count--) {
			const tag = this.unsigned();
			const size = this.unsigned();
			const end = this.at + size;
			if (!known(tag)) this.skip(size);
			if (this.at !== end) throw new Malformed('A tagged field has another size than it states.');
		}
	}

	/** Returns the position before. */
	private skip(count: number): number {
		const at = this.at;
		if (count < 0 || count > this.left) throw new Malformed('The request ends early.');
		this.at += count;
		return at;
	}
}
