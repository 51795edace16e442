import { amqp1Flag } from '../describe/flags';
import { bodyKinds, storedHead } from '../describe/stored-message';
import { bodyText } from '../describe/values/value-text';
import { eachSection, sectionCode } from '../wire/codec/sections';
import { Malformed, Reader, type Value } from '../wire/codec/values';
import { skipValue, uint32At } from '../wire/codec/walk';

/** A received message as the log keeps it. Payload and properties are valid until the next one is read. */
export interface Arrived {
	payload: Uint8Array;
	flags: number;
	meta: Uint8Array;
}

const kind = Object.fromEntries(bodyKinds.map((name, index) => [name, index])) as Record<
	(typeof bodyKinds)[number],
	number
>;
const empty: Uint8Array = new Uint8Array(0);

/**
 * Splits messages into payload and properties. Hot path: the sections are copied as they are, and only the flags are read.
 * A body of data is taken as it is; a single text or binary value by its bytes; other values are written as text.
 */
export function createSplitter(): (bytes: Uint8Array, format: number) => Arrived {
	let scratch = new Uint8Array(512);
	/** Of the message that is being split. */
	let length = 0;
	let flags = 0;
	let bodies = 0;
	let body: Uint8Array[] = [];
	let values: Value[] = [];
	let bodyCode = 0;
	let source: Uint8Array = empty;
	const arrived: Arrived = { payload: empty, flags: 0, meta: empty };

	function section(code: number, from: number, value: number, next: number): void {
		if (code < sectionCode.data || code > sectionCode.value) {
			if (code === sectionCode.header) flags |= flagsOfHeader(source, value, next);
			const size = next - from;
			if (length + size > scratch.length) {
				const larger = new Uint8Array(2 * (length + size));
				larger.set(scratch);
				scratch = larger;
			}
			scratch.set(source.subarray(from, next), length);
			length += size;
			return;
		}
		if (bodies > 0 && (code !== bodyCode || code === sectionCode.value)) throw new Malformed('it has several bodies');
		bodies++;
		bodyCode = code;
		if (code === sectionCode.data) {
			const data = variable(source, value, next);
			if (!data || (source[value] as number) % 16 !== 0) throw new Malformed('its data are not binary');
			body.push(data);
		} else values.push(new Reader(source, value, next).value());
	}

	return (bytes, format) => {
		source = bytes;
		length = storedHead;
		flags = 0;
		bodies = 0;
		body = [];
		values = [];
		bodyCode = 0;
		try {
			if (format !== 0) throw new Malformed(`its format ${format} is not defined`);
			eachSection(bytes, 0, bytes.length, section);
			arrived.payload = body.length === 1 ? (body[0] as Uint8Array) : Buffer.concat(body);
			scratch[0] = bodies === 0 ? kind.none : kind.data;
			if (bodyCode === sectionCode.sequence) {
				scratch[0] = kind.sequence;
				const items = values.flatMap((one) => (one.type === 'list' ? one.value : [one]));
				arrived.payload = Buffer.from(bodyText({ type: 'list', value: items }));
			} else if (bodyCode === sectionCode.value) readValue(values[0] as Value);
		} catch (error) {
			if (!(error instanceof Malformed)) throw error;
			// The sender's fault: the message is kept as it is.
			length = storedHead;
			scratch[0] = kind.unreadable;
			arrived.payload = bytes;
		}
		scratch[1] = Math.min(bodies, 255);
		arrived.flags = flags;
		arrived.meta = scratch.subarray(0, length);
		return arrived;
	};

	function readValue(value: Value): void {
		scratch[0] = value.type === 'string' ? kind.text : value.type === 'binary' ? kind.binary : kind.value;
		arrived.payload =
			value.type === 'binary' ? value.value : Buffer.from(value.type === 'string' ? value.value : bodyText(value));
	}
}

/** The bytes of a value with a length; undefined for other values. */
function variable(bytes: Uint8Array, at: number, next: number): Uint8Array | undefined {
	const width = (bytes[at] as number) >> 4;
	if (width === 0xa) return bytes.subarray(at + 2, next);
	return width === 0xb ? bytes.subarray(at + 5, next) : undefined;
}

/** `durable` and `redelivered` from the value of a header section (AMQP 1.0, part 3, section 3.2.1). */
function flagsOfHeader(bytes: Uint8Array, start: number, end: number): number {
	const code = bytes[start] as number;
	if (code === 0x45) return 0;
	if (code !== 0xc0 && code !== 0xd0) throw new Malformed('its header is not a list');
	const isShort = code === 0xc0;
	const count = isShort ? (bytes[start + 2] as number) : uint32At(bytes, start + 5);
	let at = start + (isShort ? 3 : 9);
	let flags = 0;
	for (let index = 0; index < count && index < 5 && at < end; index++) {
		const next = skipValue(bytes, at, end);
		const value = bytes[at] as number;
		if (index === 0 && (value === 0x41 || (value === 0x56 && bytes[at + 1] !== 0))) flags |= amqp1Flag.durable;
		if (index === 4 && ((value === 0x52 && bytes[at + 1] !== 0) || (value === 0x70 && uint32At(bytes, at + 1) > 0)))
			flags |= amqp1Flag.redelivered;
		at = next;
	}
	return flags;
}
