/** Writes the primitive types of Kafka's protocol. Large bytes are not copied. */
export class Writer {
	private readonly parts: Buffer[] = [];
	private current = Buffer.allocUnsafe(512);
	private at = 0;

	constructor(
		/** Of the message. */
		readonly version: number,
		/** With compact lengths and tagged fields (KIP-482). */
		readonly flexible: boolean,
	) {}

	int8(value: number): void {
		this.current.writeInt8(value, this.room(1));
	}

	int16(value: number): void {
		this.current.writeInt16BE(value, this.room(2));
	}

	int32(value: number): void {
		this.current.writeInt32BE(value, this.room(4));
	}

	int64(value: bigint): void {
		this.current.writeBigInt64BE(value, this.room(8));
	}

	unsigned(value: number): void {
		let rest = value;
		while (rest >= 0x80) {
			this.current.writeUInt8((rest % 0x80) + 0x80, this.room(1));
			rest = Math.floor(rest / 0x80);
		}
		this.current.writeUInt8(rest, this.room(1));
	}

	/** -1 is null. */
	stringLength(length: number): void {
		if (this.flexible) this.unsigned(length + 1);
		else this.int16(length);
	}

	/** Of bytes or of an array; -1 is null. */
	length(length: number): void {
		if (this.flexible) this.unsigned(length + 1);
		else this.int32(length);
	}

	raw(bytes: Buffer): void {
		if (bytes.length > 256) {
			this.flush();
			this.parts.push(bytes);
		} else {
			const at = this.room(bytes.length);
			bytes.copy(this.current, at);
		}
	}

	done(): Buffer {
		this.flush();
		return this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
	}

	private flush(): void {
		if (this.at > 0) this.parts.push(this.current.subarray(0, this.at));
		this.current = this.current.subarray(this.at);
		this.at = 0;
	}

	/** Returns the position of so many bytes to be written. */
	private room(count: number): number {
		if (this.at + count > this.current.length) {
			this.flush();
			this.current = Buffer.allocUnsafe(Math.max(512, count));
		}
		const at = this.at;
		this.at += count;
		return at;
	}
}
