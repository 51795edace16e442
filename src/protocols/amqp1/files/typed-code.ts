import { type Code, python, script } from '../../shared/commands/code';
import { hex } from '../describe/values/typed-text';
import type { Value } from '../wire/codec/values';

/** A value that a library cannot write. */
export class Unwritable extends Error {}

/** Two's complement in 64 bits, as eight bytes. */
const eightBytes = (value: bigint): Uint8Array => {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigInt64(0, BigInt.asIntN(64, value));
	return bytes;
};

/** For rhea. 64-bit integers beyond the doubles are eight bytes. Throws `Unwritable`. */
export function scriptValue(value: Value): Code {
	const typed = (name: Code, one: Code) => script`rhea.types.${name}(${one})`;
	switch (value.type) {
		case 'null':
			return script`null`;
		case 'boolean':
		case 'string':
			return script`${value.value}`;
		case 'symbol':
			// rhea writes symbols as ASCII, which is all that they may have.
			if (!/^[\0-\x7f]*$/.test(value.value)) throw new Unwritable();
			return typed(script`wrap_symbol`, script`${value.value}`);
		case 'ubyte':
			return typed(script`wrap_ubyte`, script`${value.value}`);
		case 'ushort':
			return typed(script`wrap_ushort`, script`${value.value}`);
		case 'uint':
			return typed(script`wrap_uint`, script`${value.value}`);
		case 'byte':
			return typed(script`wrap_byte`, script`${value.value}`);
		case 'short':
			return typed(script`wrap_short`, script`${value.value}`);
		case 'int':
			return typed(script`wrap_int`, script`${value.value}`);
		case 'float':
			return typed(script`wrap_float`, script`${value.value}`);
		case 'double':
			return typed(script`wrap_double`, script`${value.value}`);
		case 'char':
			return typed(script`wrap_char`, script`${value.value}`);
		case 'ulong':
			return typed(script`wrap_ulong`, largeNumber(value.value));
		case 'long':
			return typed(script`wrap_long`, largeNumber(value.value));
		case 'timestamp':
			return typed(script`wrap_timestamp`, largeNumber(value.value));
		case 'uuid':
			return typed(script`wrap_uuid`, rawBytes(value.value));
		case 'binary':
			return typed(script`wrap_binary`, rawBytes(value.value));
		case 'list':
			return typed(script`wrap_list`, script`[${value.value.map(scriptValue)}]`);
		case 'map': {
			const pairs = value.value.map(([key, one]) => script`[${[scriptValue(key), scriptValue(one)]}]`);
			return typed(script`wrap_map_as_map`, script`new Map([${pairs}])`);
		}
		default:
			throw new Unwritable();
	}
}

/** A 64-bit integer without its type. */
export const largeNumber = (value: bigint): Code =>
	Number.isSafeInteger(Number(value)) ? script`${Number(value)}` : rawBytes(eightBytes(value));

export const rawBytes = (bytes: Uint8Array): Code => script`Buffer.from(${hex(bytes)}, 'hex')`;

/** For python-qpid-proton. Throws `Unwritable`. */
export function pythonValue(value: Value): Code {
	switch (value.type) {
		case 'null':
			return python`None`;
		case 'boolean':
		case 'string':
		case 'binary':
		case 'long':
			return python`${value.value}`;
		case 'double':
			return Number.isInteger(value.value) ? python`float(${value.value})` : python`${value.value}`;
		case 'symbol':
			return python`proton.symbol(${value.value})`;
		case 'ubyte':
			return python`proton.ubyte(${value.value})`;
		case 'ushort':
			return python`proton.ushort(${value.value})`;
		case 'uint':
			return python`proton.uint(${value.value})`;
		case 'byte':
			return python`proton.byte(${value.value})`;
		case 'short':
			return python`proton.short(${value.value})`;
		case 'int':
			return python`proton.int32(${value.value})`;
		case 'float':
			return python`proton.float32(${value.value})`;
		case 'ulong':
			return python`proton.ulong(${value.value})`;
		case 'timestamp':
			return python`proton.timestamp(${value.value})`;
		case 'char':
			if (value.value > 0x10ffff || (value.value >= 0xd800 && value.value < 0xe000)) throw new Unwritable();
			return python`proton.char(${String.fromCodePoint(value.value)})`;
		case 'uuid':
			return python`uuid.UUID(${hex(value.value)})`;
		case 'list':
			return python`[${value.value.map(pythonValue)}]`;
		case 'map':
			// A key that is a list or a map cannot be one in Python.
			if (value.value.some(([key]) => ['list', 'map'].includes(key.type))) throw new Unwritable();
			return python`{${value.value.map(([key, one]) => python`${pythonValue(key)}: ${pythonValue(one)}`)}}`;
		default:
			throw new Unwritable();
	}
}
