import { ByteWriter } from '../../../shared/byte-writer';
import { arrayCodes, type Value } from './values';

const encoder = new TextEncoder();

/** Writes values, each in its shortest encoding. */
export class Writer extends ByteWriter {
	/** A section of a message: its descriptor and its value. */
	section(descriptor: number, value: Value): this {
		return this.uint8(0).uint8(0x53).uint8(descriptor).value(value);
	}

	value(input: Value): this {
		switch (input.type) {
			case 'null':
				return this.uint8(0x40);
			case 'boolean':
				return this.uint8(input.value ? 0x41 : 0x42);
			case 'uint':
				if (input.value === 0) return this.uint8(0x43);
				return input.value < 256 ? this.uint8(0x52).uint8(input.value) : this.coded(input);
			case 'ulong':
				if (input.value === 0n) return this.uint8(0x44);
				return input.value < 256n ? this.uint8(0x53).uint8(Number(input.value)) : this.coded(input);
			case 'int':
				return input.value >= -128 && input.value < 128
					? this.uint8(0x54).uint8(input.value & 0xff)
					: this.coded(input);
			case 'long':
				return input.value >= -128n && input.value < 128n
					? this.uint8(0x55).uint8(Number(input.value) & 0xff)
					: this.coded(input);
			case 'binary':
				return this.variable(0xa0, input.value);
			case 'string':
				return this.variable(0xa1, encoder.encode(input.value));
			case 'symbol':
				return this.variable(0xa3, encoder.encode(input.value));
			case 'list':
				return input.value.length === 0 ? this.uint8(0x45) : this.coded(input);
			case 'described':
				return this.uint8(0).value(input.descriptor).value(input.value);
			default:
				return this.coded(input);
		}
	}

	/** `code` is the constructor for up to 255 bytes; the one for more is 16 higher. */
	private variable(code: number, bytes: Uint8Array): this {
		return bytes.length < 256
			? this.uint8(code).uint8(bytes.length).raw(bytes)
			: this.uint8(code + 0x10)
					.uint32(bytes.length)
					.raw(bytes);
	}

	/** A value in the encoding that arrays use. */
	private coded(input: Exclude<Value, { type: 'described' }>): this {
		return this.uint8(arrayCodes[input.type]).body(input);
	}

	/** A value behind the constructor in `arrayCodes`. */
	private body(input: Exclude<Value, { type: 'described' }>): this {
		switch (input.type) {
			case 'null':
				return this;
			case 'boolean':
				return this.uint8(input.value ? 1 : 0);
			case 'ubyte':
			case 'byte':
				return this.uint8(input.value & 0xff);
			case 'ushort':
			case 'short':
				return this.uint16(input.value & 0xffff);
			case 'uint':
			case 'int':
			case 'char':
				return this.uint32(input.value >>> 0);
			case 'ulong':
				return this.uint64(input.value);
			case 'long':
			case 'timestamp':
				return this.int64(input.value);
			case 'float':
				return this.float(input.value);
			case 'double':
				return this.double(input.value);
			case 'decimal32':
			case 'decimal64':
			case 'decimal128':
			case 'uuid':
				return this.raw(input.value);
			case 'binary':
				return this.uint32(input.value.length).raw(input.value);
			case 'string':
			case 'symbol': {
				const bytes = encoder.encode(input.value);
				return this.uint32(bytes.length).raw(bytes);
			}
			case 'list':
				return this.counted(input.value.length, () => {
					for (const one of input.value) this.value(one);
				});
			case 'map':
				return this.counted(2 * input.value.length, () => {
					for (const [key, value] of input.value) this.value(key).value(value);
				});
			case 'array':
				return this.counted(input.value.length, () => this.elements(input.of, input.value));
		}
	}

	private elements(of: Value['type'], values: readonly Value[]): void {
		const [first] = values;
		let plain = values;
		let type = of;
		if (of === 'described') {
			if (first?.type !== 'described') throw new RangeError('An array of described values needs one.');
			this.uint8(0).value(first.descriptor);
			plain = values.map((one) => (one.type === 'described' ? one.value : one));
			type = first.value.type;
		}
		if (type === 'described') throw new RangeError('An array cannot have values that are described twice.');
		this.uint8(arrayCodes[type]);
		for (const one of plain) {
			if (one.type === 'described' || one.type !== type) throw new RangeError('An array has values of one type.');
			this.body(one);
		}
	}

	/** Size and count in four bytes each, then the bytes of `write`. */
	private counted(count: number, write: () => void): this {
		return this.sized(() => {
			this.uint32(count);
			write();
		});
	}
}

export function encodeValue(value: Value): Uint8Array {
	return new Writer().value(value).done();
}
