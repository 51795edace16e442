/** Writes bytes into a growing buffer, numbers with the highest byte first. Pure. */
export class ByteWriter {
	private bytes = new Uint8Array(256);
	private view = new DataView(this.bytes.buffer);
	/** Bytes so far. */
	length = 0;

	/** Writes `count` bytes at the end, where `write` puts them. */
	private put(count: number, write: (at: number) => void): this {
		const at = this.length;
		this.length += count;
		if (this.length > this.bytes.length) {
			const larger = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
			larger.set(this.bytes);
			this.bytes = larger;
			this.view = new DataView(larger.buffer);
		}
		write(at);
		return this;
	}

	uint8 = (value: number): this => this.put(1, (at) => this.view.setUint8(at, value));
	uint16 = (value: number): this => this.put(2, (at) => this.view.setUint16(at, value));
	uint32 = (value: number): this => this.put(4, (at) => this.view.setUint32(at, value));
	uint64 = (value: bigint | number): this => this.put(8, (at) => this.view.setBigUint64(at, BigInt(value)));
	int64 = (value: bigint): this => this.put(8, (at) => this.view.setBigInt64(at, value));
	float = (value: number): this => this.put(4, (at) => this.view.setFloat32(at, value));
	double = (value: number): this => this.put(8, (at) => this.view.setFloat64(at, value));
	raw = (bytes: Uint8Array): this => this.put(bytes.length, (at) => this.bytes.set(bytes, at));

	/** Writes a length in four bytes, then the bytes of `write`. */
	sized(write: () => void): this {
		const at = this.length;
		this.uint32(0);
		write();
		this.view.setUint32(at, this.length - at - 4);
		return this;
	}

	done(): Uint8Array {
		return this.bytes.subarray(0, this.length);
	}
}
