import { Malformed, Reader, type Value } from './values';
import { skipValue } from './walk';

/** Descriptors of a message's sections (AMQP 1.0, part 3, section 3.2). */
export const sectionCode = {
	header: 0x70,
	deliveryAnnotations: 0x71,
	messageAnnotations: 0x72,
	properties: 0x73,
	applicationProperties: 0x74,
	data: 0x75,
	sequence: 0x76,
	value: 0x77,
	footer: 0x78,
} as const;

const names: readonly string[] = [
	...['header:list', 'delivery-annotations:map', 'message-annotations:map', 'properties:list'],
	...['application-properties:map', 'data:binary', 'amqp-sequence:list', 'amqp-value:*', 'footer:map'],
].map((name) => `amqp:${name}`);

/** The number of a descriptor that is no single byte; 0 if it is none of a section. */
function longDescriptor(bytes: Uint8Array, at: number, end: number): number {
	const descriptor = new Reader(bytes, at, end).value();
	if (descriptor.type === 'ulong' && descriptor.value < 256n) return Number(descriptor.value);
	return descriptor.type === 'symbol' ? sectionCode.header + names.indexOf(descriptor.value) : 0;
}

/**
 * Calls `section` for each section from `start` to `end`, with its descriptor, its first byte, and the first and the last byte
 * of its value. Hot path. Throws `Malformed`.
 */
export function eachSection(
	bytes: Uint8Array,
	start: number,
	end: number,
	section: (code: number, from: number, value: number, next: number) => void,
): void {
	let at = start;
	while (at < end) {
		if (bytes[at] !== 0) throw new Malformed('it has a section without a descriptor');
		const isShort = bytes[at + 1] === 0x53;
		const value = isShort ? at + 3 : skipValue(bytes, at + 1, end);
		if (value >= end) throw new Malformed('it ends early');
		const code = isShort ? (bytes[at + 2] as number) : longDescriptor(bytes, at + 1, value);
		if (code < sectionCode.header || code > sectionCode.footer) throw new Malformed('it has an unknown section');
		const next = skipValue(bytes, value, end);
		section(code, at, value, next);
		at = next;
	}
}

/** The sections of a message that are not its body, decoded. */
export interface Sections {
	header: Value[];
	properties: Value[];
	deliveryAnnotations: [Value, Value][];
	messageAnnotations: [Value, Value][];
	applicationProperties: [Value, Value][];
	footer: [Value, Value][];
}

/** Decodes sections as `eachSection` finds them; those of the body are skipped. Throws `Malformed`. */
export function readSections(bytes: Uint8Array): Sections {
	const sections: Sections = {
		...{ header: [], properties: [] },
		...{ deliveryAnnotations: [], messageAnnotations: [], applicationProperties: [], footer: [] },
	};
	eachSection(bytes, 0, bytes.length, (code, _, value, next) => {
		const read = () => new Reader(bytes, value, next).value();
		if (code === sectionCode.header) sections.header = list(read());
		else if (code === sectionCode.properties) sections.properties = list(read());
		else if (code === sectionCode.deliveryAnnotations) sections.deliveryAnnotations = map(read());
		else if (code === sectionCode.messageAnnotations) sections.messageAnnotations = map(read());
		else if (code === sectionCode.applicationProperties) sections.applicationProperties = map(read());
		else if (code === sectionCode.footer) sections.footer = map(read());
	});
	return sections;
}

function list(value: Value): Value[] {
	if (value.type !== 'list') throw new Malformed('it has a section of the wrong type');
	return value.value;
}

function map(value: Value): [Value, Value][] {
	if (value.type === 'null') return [];
	if (value.type !== 'map') throw new Malformed('it has a section of the wrong type');
	return value.value;
}
