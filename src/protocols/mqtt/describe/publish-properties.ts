import type { MqttMeta } from './flags';

/** Identifiers of the properties of a PUBLISH (MQTT 5, 3.3.2.3). */
export const property = {
	payloadFormat: 1,
	messageExpiry: 2,
	contentType: 3,
	responseTopic: 8,
	correlationData: 9,
	subscriptionIdentifier: 11,
	topicAlias: 35,
	userProperty: 38,
} as const;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Called with a property: its value stands from `at` to `end`, and its identifier begins at `start`. */
type Visit = (id: number, at: number, end: number, start: number) => void;

/**
 * Visits the properties of a PUBLISH in their order. `bytes`: without the length in front. They have been checked when
 * they arrived or were written; a property that cannot be read ends the walk.
 */
export function eachProperty(bytes: Uint8Array, visit: Visit): void {
	for (let start = 0; start < bytes.length; ) {
		const at = varintEnd(bytes, start);
		const id = numberAt(bytes, start, at);
		const end = valueEnd(bytes, id, at);
		if (end === undefined || end > bytes.length) return;
		visit(id, at, end, start);
		start = end;
	}
}

function valueEnd(bytes: Uint8Array, id: number, at: number): number | undefined {
	switch (id) {
		case property.payloadFormat:
			return at + 1;
		case property.messageExpiry:
			return at + 4;
		case property.topicAlias:
			return at + 2;
		case property.subscriptionIdentifier:
			return varintEnd(bytes, at);
		case property.contentType:
		case property.responseTopic:
		case property.correlationData:
			return binaryEnd(bytes, at);
		case property.userProperty:
			return binaryEnd(bytes, binaryEnd(bytes, at));
		default:
			return undefined;
	}
}

/** Where a text or binary value ends, which begins with a length of two bytes. */
function binaryEnd(bytes: Uint8Array, at: number): number {
	return at + 2 + ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);
}

function varintEnd(bytes: Uint8Array, at: number): number {
	let end = at;
	while ((bytes[end] ?? 0) > 127) end++;
	return end + 1;
}

/** The variable byte integer from `at` to `end` (MQTT 5, 1.5.5). */
export function numberAt(bytes: Uint8Array, at: number, end: number): number {
	let value = 0;
	for (let next = end - 1; next >= at; next--) value = value * 128 + ((bytes[next] ?? 0) & 127);
	return value;
}

/** Decodes the properties of a PUBLISH; see `eachProperty`. */
export function readMeta(bytes: Uint8Array | undefined): MqttMeta {
	const meta: MqttMeta = {};
	if (!bytes) return meta;
	const text = (at: number, end: number) => decoder.decode(bytes.subarray(at + 2, end));
	const integer = (at: number, end: number) => bytes.subarray(at, end).reduce((value, byte) => value * 256 + byte, 0);
	eachProperty(bytes, (id, at, end) => {
		if (id === property.payloadFormat) meta.utf8 = bytes[at] === 1;
		else if (id === property.messageExpiry) meta.expiry = integer(at, end);
		else if (id === property.contentType) meta.contentType = text(at, end);
		else if (id === property.responseTopic) meta.responseTopic = text(at, end);
		else if (id === property.correlationData) meta.correlation = toHex(bytes.subarray(at + 2, end));
		else if (id === property.topicAlias) meta.topicAlias = integer(at, end);
		else if (id === property.subscriptionIdentifier) {
			meta.subscriptionIds ??= [];
			meta.subscriptionIds.push(numberAt(bytes, at, end));
		} else {
			const nameEnd = binaryEnd(bytes, at);
			meta.userProperties ??= [];
			meta.userProperties.push([text(at, nameEnd), text(nameEnd, end)]);
		}
	});
	return meta;
}

function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const encoder = new TextEncoder();

/** The bytes of these properties, without the length in front. */
export function writeMeta(meta: MqttMeta): Uint8Array {
	const parts: Uint8Array[] = [];
	let size = 0;
	const add = (...bytes: (number | Uint8Array)[]) => {
		for (const part of bytes) {
			const chunk = typeof part === 'number' ? Uint8Array.of(part) : part;
			parts.push(chunk);
			size += chunk.length;
		}
	};
	const sized = (bytes: Uint8Array) => [bytes.length >> 8, bytes.length & 255, bytes];
	const string = (value: string) => sized(encoder.encode(value));
	if (meta.utf8 !== undefined) add(property.payloadFormat, meta.utf8 ? 1 : 0);
	if (meta.expiry !== undefined)
		add(property.messageExpiry, ...[24, 16, 8, 0].map((shift) => ((meta.expiry ?? 0) >>> shift) & 255));
	if (meta.contentType !== undefined) add(property.contentType, ...string(meta.contentType));
	if (meta.responseTopic !== undefined) add(property.responseTopic, ...string(meta.responseTopic));
	if (meta.correlation !== undefined)
		add(
			property.correlationData,
			...sized(Uint8Array.from(meta.correlation.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))),
		);
	for (const id of meta.subscriptionIds ?? []) add(property.subscriptionIdentifier, ...varint(id));
	if (meta.topicAlias !== undefined) add(property.topicAlias, meta.topicAlias >> 8, meta.topicAlias & 255);
	for (const [name, value] of meta.userProperties ?? []) add(property.userProperty, ...string(name), ...string(value));
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

/** A variable byte integer (MQTT 5, 1.5.5). */
function varint(value: number): number[] {
	const bytes: number[] = [];
	let left = value;
	for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128);
	return [...bytes, left];
}
