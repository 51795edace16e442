import { Malformed, Reader, type Value } from './codec/values';
import { checkValue, skipValue, uint32At } from './codec/walk';
import { broken } from './frames';

/** Descriptors of the bodies of frames (AMQP 1.0, part 2, section 2.7, and part 5, section 5.3.3). */
export const performative = {
	open: 0x10,
	begin: 0x11,
	attach: 0x12,
	flow: 0x13,
	transfer: 0x14,
	disposition: 0x15,
	detach: 0x16,
	end: 0x17,
	close: 0x18,
	mechanisms: 0x40,
	challenge: 0x42,
	outcome: 0x44,
} as const;

const symbols: Readonly<Record<string, number>> = {
	...{ 'amqp:open:list': 0x10, 'amqp:begin:list': 0x11, 'amqp:attach:list': 0x12, 'amqp:flow:list': 0x13 },
	...{ 'amqp:transfer:list': 0x14, 'amqp:disposition:list': 0x15, 'amqp:detach:list': 0x16, 'amqp:end:list': 0x17 },
	...{ 'amqp:close:list': 0x18, 'amqp:sasl-mechanisms:list': 0x40, 'amqp:sasl-challenge:list': 0x42 },
	...{ 'amqp:sasl-outcome:list': 0x44 },
};

/** The descriptor of the body of a frame, and where its list begins. Throws `Malformed`. */
export function descriptorAt(bytes: Uint8Array, at: number, end: number): { code: number; list: number } {
	if (bytes[at] !== 0) throw new Malformed('it has no descriptor');
	if (bytes[at + 1] === 0x53) return { code: bytes[at + 2] as number, list: at + 3 };
	const list = skipValue(bytes, at + 1, end);
	const descriptor = new Reader(bytes, at + 1, list).value();
	if (descriptor.type === 'ulong' && descriptor.value < 256n) return { code: Number(descriptor.value), list };
	return { code: descriptor.type === 'symbol' ? (symbols[descriptor.value] ?? 0) : 0, list };
}

/** The fields of the body of a frame, which `checkValue` has checked. Trailing ones may be missing. */
export function fieldsOf(bytes: Uint8Array, list: number, end: number): Value[] {
	const value = new Reader(bytes, list, end).value();
	if (value.type !== 'list') throw new Malformed('its body is not a list');
	return value.value;
}

export const numberIn = (value: Value | undefined): number | undefined =>
	value?.type === 'uint' || value?.type === 'ushort' || value?.type === 'ubyte' ? value.value : undefined;

export const textIn = (value: Value | undefined): string | undefined =>
	value?.type === 'string' || value?.type === 'symbol' ? value.value : undefined;

/** One or several symbols, as the specification allows for a field with the attribute "multiple". */
export function symbolsIn(value: Value | undefined): string[] {
	const text = textIn(value);
	if (text !== undefined) return [text];
	return value?.type === 'array' || value?.type === 'list' ? value.value.flatMap((one) => textIn(one) ?? []) : [];
}

/** The fields of a transfer that matter to a receiver. Reused for each transfer. */
export interface Transfer {
	handle: number;
	/** -1: not set, as in the later transfers of a message. */
	id: number;
	tagStart: number;
	tagEnd: number;
	format: number;
	settled: boolean;
	more: boolean;
	aborted: boolean;
	/** Where the part of the message begins. */
	payload: number;
}

/** The specification allows 32 bytes. */
const maxTag = 128;

/** Reads a transfer into `into`. Hot path: creates no object. Throws `Malformed`. */
export function readTransfer(bytes: Uint8Array, list: number, end: number, into: Transfer): void {
	const code = bytes[list] as number;
	const next = checkValue(bytes, list, end);
	if (code !== 0xc0 && code !== 0xd0) throw new Malformed('its body is not a list');
	const isShort = code === 0xc0;
	const count = isShort ? (bytes[list + 2] as number) : uint32At(bytes, list + 5);
	let at = list + (isShort ? 3 : 9);
	into.handle = -1;
	into.id = -1;
	into.tagStart = into.tagEnd = 0;
	into.format = 0;
	into.settled = into.more = into.aborted = false;
	into.payload = next;
	for (let index = 0; index < count; index++) {
		const after = skipValue(bytes, at, next);
		if (index === 0) into.handle = uint(bytes, at);
		else if (index === 1) into.id = uint(bytes, at);
		else if (index === 2 && bytes[at] !== 0x40) {
			into.tagStart = at + (bytes[at] === 0xa0 ? 2 : 5);
			into.tagEnd = after;
		} else if (index === 3) into.format = Math.max(0, uint(bytes, at));
		else if (index === 4) into.settled = bool(bytes, at);
		else if (index === 5) into.more = bool(bytes, at);
		else if (index === 9) into.aborted = bool(bytes, at);
		at = after;
	}
	if (into.handle < 0) throw new Malformed('it names no link');
	if (into.tagEnd - into.tagStart > maxTag)
		throw broken(`The server sent a delivery tag of more than ${maxTag} bytes.`);
}

/** -1 for null. */
function uint(bytes: Uint8Array, at: number): number {
	switch (bytes[at]) {
		case 0x43:
			return 0;
		case 0x52:
			return bytes[at + 1] as number;
		case 0x70:
			return uint32At(bytes, at + 1);
		case 0x40:
			return -1;
		default:
			throw new Malformed('it has a number of the wrong type');
	}
}

const bool = (bytes: Uint8Array, at: number): boolean =>
	bytes[at] === 0x41 || (bytes[at] === 0x56 && bytes[at + 1] === 1);

/**
 * A transfer frame with these fields and without its part of the message, for the library, which then keeps count of
 * deliveries and credit. Its format is not that of a message, so that the library decodes nothing.
 */
export function writeTransfer(bytes: Uint8Array, channel: number, transfer: Transfer): Buffer {
	const tagLength = transfer.tagEnd - transfer.tagStart;
	const size = 30 + tagLength;
	const frame = Buffer.allocUnsafe(size);
	frame.writeUInt32BE(size, 0);
	frame.writeUInt32BE(0x02000000 + channel, 4);
	frame.writeUInt32BE(0x005314c0, 8);
	frame[12] = size - 13;
	frame[13] = 6;
	frame[14] = 0x70;
	frame.writeUInt32BE(transfer.handle, 15);
	frame[19] = transfer.id < 0 ? 0x40 : 0x70;
	let at = 20;
	if (transfer.id >= 0) {
		frame.writeUInt32BE(transfer.id, 20);
		at = 24;
	}
	frame[at++] = 0xa0;
	frame[at++] = tagLength;
	for (let from = transfer.tagStart; from < transfer.tagEnd; from++) frame[at++] = bytes[from] as number;
	frame[at++] = 0x52;
	frame[at++] = 1;
	frame[at++] = transfer.settled ? 0x41 : 0x42;
	// An aborted message ends, whatever is set besides.
	frame[at++] = transfer.more && !transfer.aborted ? 0x41 : 0x42;
	if (at === size) return frame;
	// Four bytes less without an id.
	frame.writeUInt32BE(at, 0);
	frame[12] = at - 13;
	return frame.subarray(0, at);
}
