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
		const at = this.room(1);
		this.current.writeInt8(value, at);
	}

	int16(value: number): void {
		const at = this.room(2);
		this.current.writeInt16BE(value, at);
	}

	int32(value: number): void {
		const at = this.room(4);
		this.current.writeInt32BE(value, at);
	}

	int64(value: bigint): void {
		const at = this.room(8);
		this.current.writeBigInt64BE(value, at);
	}

	unsigned(value: number): void {
		let rest = value;
		for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) + 0x80);
		this.byte(rest);
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

	private byte(value: number): void {
		const at = this.room(1);
		this.current.writeUInt8(value, at);
	}

	/** Returns the position of so many bytes to be written in `current`, which is another buffer where this one is full. */
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
