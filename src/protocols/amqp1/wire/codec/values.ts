/** Bytes that AMQP 1.0 does not define, or that end before the length they announce. The caller reports it. */
export class Malformed extends Error {}

export type SmallInteger = 'ubyte' | 'ushort' | 'uint' | 'byte' | 'short' | 'int';
export type LargeInteger = 'ulong' | 'long' | 'timestamp';
export type Decimal = 'decimal32' | 'decimal64' | 'decimal128';

/** A value with its type (AMQP 1.0, part 1). Integers are exact; decimals keep their bytes. */
export type Value =
	| { type: 'null' }
	| { type: 'boolean'; value: boolean }
	| { type: SmallInteger | 'char' | 'float' | 'double'; value: number }
	/** A timestamp has milliseconds since the epoch. */
	| { type: LargeInteger; value: bigint }
	| { type: Decimal | 'uuid' | 'binary'; value: Uint8Array }
	| { type: 'string' | 'symbol'; value: string }
	| { type: 'list'; value: Value[] }
	/** Pairs keep their order. */
	| { type: 'map'; value: [Value, Value][] }
	/** All elements have the type `of`. */
	| { type: 'array'; of: Value['type']; value: Value[] }
	| { type: 'described'; descriptor: Value; value: Value };

/** Maximum nesting. Limits recursion so that a hostile value cannot overflow the stack. */
export const maxDepth = 32;
/** Maximum elements of an array whose elements have no bytes. Larger ones have no use but to exhaust memory. */
export const maxEmptyElements = 16;

/** U+FEFF at the start of a text belongs to it and is not a byte order mark. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads values one after another. Throws `Malformed`. Pure. */
export class Reader {
	private readonly view: DataView;

	constructor(
		private readonly bytes: Uint8Array,
		public at = 0,
		private readonly end = bytes.length,
	) {
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	get left(): number {
		return this.end - this.at;
	}

	value(depth = 0): Value {
		if (depth > maxDepth) throw new Malformed('it is nested too deeply');
		const code = this.uint8();
		if (code !== 0) return this.body(code, depth);
		const descriptor = this.value(depth + 1);
		return { type: 'described', descriptor, value: this.value(depth + 1) };
	}

	private take(count: number): number {
		const start = this.at;
		if (count > this.end - start) throw new Malformed('it ends early');
		this.at = start + count;
		return start;
	}

	private uint8(): number {
		return this.view.getUint8(this.take(1));
	}

	private uint32(): number {
		return this.view.getUint32(this.take(4));
	}

	private slice(count: number): Uint8Array {
		const start = this.take(count);
		return this.bytes.subarray(start, start + count);
	}

	/** A value behind its constructor. */
	private body(code: number, depth: number): Value {
		const { view } = this;
		switch (code) {
			case 0x40:
				return { type: 'null' };
			case 0x41:
			case 0x42:
				return { type: 'boolean', value: code === 0x41 };
			case 0x56:
				return { type: 'boolean', value: this.uint8() !== 0 };
			case 0x50:
				return { type: 'ubyte', value: this.uint8() };
			case 0x60:
				return { type: 'ushort', value: view.getUint16(this.take(2)) };
			case 0x43:
				return { type: 'uint', value: 0 };
			case 0x52:
				return { type: 'uint', value: this.uint8() };
			case 0x70:
				return { type: 'uint', value: this.uint32() };
			case 0x44:
				return { type: 'ulong', value: 0n };
			case 0x53:
				return { type: 'ulong', value: BigInt(this.uint8()) };
			case 0x80:
				return { type: 'ulong', value: view.getBigUint64(this.take(8)) };
			case 0x51:
				return { type: 'byte', value: view.getInt8(this.take(1)) };
			case 0x61:
				return { type: 'short', value: view.getInt16(this.take(2)) };
			case 0x54:
				return { type: 'int', value: view.getInt8(this.take(1)) };
			case 0x71:
				return { type: 'int', value: view.getInt32(this.take(4)) };
			case 0x55:
				return { type: 'long', value: BigInt(view.getInt8(this.take(1))) };
			case 0x81:
				return { type: 'long', value: view.getBigInt64(this.take(8)) };
			case 0x72:
				return { type: 'float', value: view.getFloat32(this.take(4)) };
			case 0x82:
				return { type: 'double', value: view.getFloat64(this.take(8)) };
			case 0x74:
				return { type: 'decimal32', value: this.slice(4) };
			case 0x84:
				return { type: 'decimal64', value: this.slice(8) };
			case 0x94:
				return { type: 'decimal128', value: this.slice(16) };
			case 0x73:
				return { type: 'char', value: this.uint32() };
			case 0x83:
				return { type: 'timestamp', value: view.getBigInt64(this.take(8)) };
			case 0x98:
				return { type: 'uuid', value: this.slice(16) };
			case 0xa0:
				return { type: 'binary', value: this.slice(this.uint8()) };
			case 0xb0:
				return { type: 'binary', value: this.slice(this.uint32()) };
			case 0xa1:
				return { type: 'string', value: utf8.decode(this.slice(this.uint8())) };
			case 0xb1:
				return { type: 'string', value: utf8.decode(this.slice(this.uint32())) };
			case 0xa3:
				return { type: 'symbol', value: utf8.decode(this.slice(this.uint8())) };
			case 0xb3:
				return { type: 'symbol', value: utf8.decode(this.slice(this.uint32())) };
			case 0x45:
				return { type: 'list', value: [] };
			case 0xc0:
			case 0xd0:
				return { type: 'list', value: this.items(code < 0xd0, depth) };
			case 0xc1:
			case 0xd1:
				return { type: 'map', value: pairs(this.items(code < 0xd0, depth)) };
			case 0xe0:
			case 0xf0:
				return this.array(code < 0xf0, depth);
			default:
				throw new Malformed(`it has a value of the unknown type 0x${code.toString(16).padStart(2, '0')}`);
		}
	}

	/** A reader for the next value with a size, and the number of its elements. */
	private compound(isShort: boolean): { inner: Reader; count: number } {
		const size = isShort ? this.uint8() : this.uint32();
		const start = this.take(size);
		const inner = new Reader(this.bytes, start, start + size);
		return { inner, count: isShort ? inner.uint8() : inner.uint32() };
	}

	private items(isShort: boolean, depth: number): Value[] {
		const { inner, count } = this.compound(isShort);
		if (count > inner.left) throw new Malformed('it has fewer elements than it announces');
		const list: Value[] = [];
		while (list.length < count) list.push(inner.value(depth + 1));
		return list;
	}

	private array(isShort: boolean, depth: number): Value {
		if (depth > maxDepth) throw new Malformed('it is nested too deeply');
		const { inner, count } = this.compound(isShort);
		let code = inner.uint8();
		const descriptor = code === 0 ? inner.value(depth + 1) : undefined;
		if (descriptor) code = inner.uint8();
		if (count > Math.max(inner.left, maxEmptyElements)) throw new Malformed('it has fewer elements than it announces');
		const value: Value[] = [];
		while (value.length < count) {
			const one = inner.body(code, depth + 1);
			value.push(descriptor ? { type: 'described', descriptor, value: one } : one);
		}
		const [first] = value;
		return { type: 'array', of: first?.type ?? typeOfCode(code), value };
	}
}

function pairs(items: Value[]): [Value, Value][] {
	if (items.length % 2 !== 0) throw new Malformed('it has a map with a key without a value');
	const list: [Value, Value][] = [];
	for (let at = 0; at < items.length; at += 2) list.push([items[at] as Value, items[at + 1] as Value]);
	return list;
}

/** The constructors that arrays use: of each type the one with the most bytes (AMQP 1.0, part 1, section 1.6). */
export const arrayCodes: Readonly<Record<Exclude<Value['type'], 'described'>, number>> = {
	null: 0x40,
	boolean: 0x56,
	ubyte: 0x50,
	ushort: 0x60,
	uint: 0x70,
	ulong: 0x80,
	byte: 0x51,
	short: 0x61,
	int: 0x71,
	long: 0x81,
	float: 0x72,
	double: 0x82,
	decimal32: 0x74,
	decimal64: 0x84,
	decimal128: 0x94,
	char: 0x73,
	timestamp: 0x83,
	uuid: 0x98,
	binary: 0xb0,
	string: 0xb1,
	symbol: 0xb3,
	list: 0xd0,
	map: 0xd1,
	array: 0xf0,
};

/** The type of the elements of an empty array. */
function typeOfCode(code: number): Value['type'] {
	const wide: Record<number, number> = {
		...{ 65: 0x56, 66: 0x56, 67: 0x70, 82: 0x70, 68: 0x80, 83: 0x80, 84: 0x71, 85: 0x81 },
		...{ 160: 0xb0, 161: 0xb1, 163: 0xb3, 69: 0xd0, 192: 0xd0, 193: 0xd1, 224: 0xf0 },
	};
	const found = Object.entries(arrayCodes).find(([, one]) => one === (wide[code] ?? code));
	if (!found) throw new Malformed(`it has an array of the unknown type 0x${code.toString(16).padStart(2, '0')}`);
	return found[0] as Value['type'];
}
