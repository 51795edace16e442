import { Malformed, type Reader, type Writer } from './bytes';

/**
 * A value of a field table with its type, so that it can be sent again unchanged. The types are those of RabbitMQ (its
 * errata to AMQP 0-9-1, section 4.2.1).
 */
export type TableValue =
	| { type: 't'; value: boolean }
	| { type: 'b' | 'B' | 's' | 'u' | 'I' | 'i' | 'f' | 'd'; value: number }
	| { type: 'l' | 'T'; value: bigint }
	| { type: 'D'; value: { places: number; digits: number } }
	| { type: 'S' | 'x'; value: Uint8Array }
	| { type: 'A'; value: TableValue[] }
	| { type: 'F'; value: Table }
	| { type: 'V'; value: null };

/** Pairs keep their order and their duplicates. */
export type Table = [string, TableValue][];

/** Maximum nesting of tables. Limits recursion so that a hostile table cannot overflow the stack. */
const maxDepth = 32;

export function readTable(reader: Reader, depth = 0): Table {
	if (depth > maxDepth) throw new Malformed('its tables are nested too deeply');
	const inner = reader.section(reader.uint32());
	const table: Table = [];
	while (inner.left > 0) table.push([inner.short(), readValue(inner, depth)]);
	return table;
}

function readArray(reader: Reader, depth: number): TableValue[] {
	if (depth > maxDepth) throw new Malformed('its lists are nested too deeply');
	const inner = reader.section(reader.uint32());
	const list: TableValue[] = [];
	while (inner.left > 0) list.push(readValue(inner, depth));
	return list;
}

/** Reads a type and its value. Throws `Malformed`. */
export function readValue(reader: Reader, depth: number): TableValue {
	const type = String.fromCharCode(reader.uint8());
	switch (type) {
		case 't':
			return { type, value: reader.uint8() !== 0 };
		case 'b':
			return { type, value: reader.int8() };
		case 'B':
			return { type, value: reader.uint8() };
		case 's':
			return { type, value: reader.int16() };
		case 'u':
			return { type, value: reader.uint16() };
		case 'I':
			return { type, value: reader.int32() };
		case 'i':
			return { type, value: reader.uint32() };
		case 'f':
			return { type, value: reader.float() };
		case 'd':
			return { type, value: reader.double() };
		case 'l':
			return { type, value: reader.int64() };
		case 'T':
			return { type, value: reader.uint64() };
		case 'D':
			return { type, value: { places: reader.uint8(), digits: reader.uint32() } };
		case 'S':
		case 'x':
			return { type, value: reader.longBytes().slice() };
		case 'A':
			return { type, value: readArray(reader, depth + 1) };
		case 'F':
			return { type, value: readTable(reader, depth + 1) };
		case 'V':
			return { type, value: null };
		default:
			throw new Malformed(`it has a value of the unknown type 0x${type.charCodeAt(0).toString(16)}`);
	}
}

export function writeTable(writer: Writer, table: Table): void {
	writer.sized(() => {
		for (const [name, value] of table) writeValue(writer.short(name), value);
	});
}

export function writeValue(writer: Writer, input: TableValue): void {
	writer.uint8(input.type.charCodeAt(0));
	switch (input.type) {
		case 't':
			writer.uint8(input.value ? 1 : 0);
			return;
		case 'b':
		case 'B':
			writer.uint8(input.value & 0xff);
			return;
		case 's':
		case 'u':
			writer.uint16(input.value & 0xffff);
			return;
		case 'I':
		case 'i':
			writer.uint32(input.value >>> 0);
			return;
		case 'f':
			writer.float(input.value);
			return;
		case 'd':
			writer.double(input.value);
			return;
		case 'l':
			writer.int64(input.value);
			return;
		case 'T':
			writer.uint64(input.value);
			return;
		case 'D':
			writer.uint8(input.value.places).uint32(input.value.digits);
			return;
		case 'S':
		case 'x':
			writer.long(input.value);
			return;
		case 'A':
			writer.sized(() => {
				for (const one of input.value) writeValue(writer, one);
			});
			return;
		case 'F':
			writeTable(writer, input.value);
			return;
		case 'V':
			return;
	}
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export const textValue = (text: string): TableValue => ({ type: 'S', value: encoder.encode(text) });

/** The text of a value; undefined for other types. */
export function textOf(value: TableValue | undefined): string | undefined {
	return value?.type === 'S' ? utf8.decode(value.value) : undefined;
}

export function member(table: Table | undefined, name: string): TableValue | undefined {
	return table?.find(([key]) => key === name)?.[1];
}
