import { isUtf8 } from 'node:buffer';
import { property } from '../describe/publish-properties';
import { Reader } from './reader';
import { readProperties } from './wire-properties';

/** The property section of a PUBLISH; its fields are replaced by the next `read`. */
export interface PublishProperties {
	/**
	 * Reads the section that begins with its length at `at`, of a packet that ends at `packetEnd`. Returns where the payload
	 * begins. Throws a FailureError for what MQTT does not allow.
	 */
	read(bytes: Buffer, at: number, packetEnd: number): number;
	/** A view on the bytes of the properties, without the length in front. */
	readonly section: Buffer;
	/** Bytes of the section. */
	readonly length: number;
	/** 0: none. */
	readonly topicAlias: number;
	/** Subscription identifiers. The array is reused. */
	readonly identifiers: readonly number[];
}

/**
 * Checks the properties of a PUBLISH without creating an object for any of them: they are logged as bytes. What this walk
 * does not accept is read by `readProperties`, which names the fault.
 */
export function createPublishProperties(): PublishProperties {
	let packet: Buffer = Buffer.alloc(0);
	let sectionStart = 0;
	let sectionEnd = 0;
	let topicAlias = 0;
	const identifiers: number[] = [];

	/** Returns where the text ends, -1 if it is not one (MQTT 5, 1.5.4). */
	function skipText(bytes: Buffer, at: number, end: number): number {
		const textEnd = skipBinary(bytes, at, end);
		for (let next = at + 2; next < textEnd; next++) {
			const byte = bytes[next] as number;
			if (byte === 0) return -1;
			if (byte > 0x7f) {
				const rest = bytes.subarray(next, textEnd);
				return isUtf8(rest) && !rest.includes(0) ? textEnd : -1;
			}
		}
		return textEnd;
	}

	/** The walk over usual properties. Returns false for everything else, whether it is wrong or only unusual. */
	function walk(bytes: Buffer, start: number, end: number): boolean {
		/** Properties that may stand only once, one bit each. */
		let seen = 0;
		let at = start;
		while (at < end) {
			const id = bytes[at++] as number;
			if (id !== property.userProperty && id !== property.subscriptionIdentifier) {
				// The alias is 35; bit 0 belongs to no other property.
				const bit = id === property.topicAlias ? 1 : 1 << id;
				if ((seen & bit) !== 0) return false;
				seen |= bit;
			}
			switch (id) {
				case property.payloadFormat:
					if (at >= end || (bytes[at++] as number) > 1) return false;
					break;
				case property.messageExpiry:
					at += 4;
					break;
				case property.contentType:
				case property.responseTopic:
					at = skipText(bytes, at, end);
					break;
				case property.correlationData:
					at = skipBinary(bytes, at, end);
					break;
				case property.subscriptionIdentifier: {
					let value = 0;
					let shift = 0;
					let byte = 128;
					for (; byte > 127 && shift < 28 && at < end; shift += 7) {
						byte = bytes[at++] as number;
						value |= (byte & 127) << shift;
					}
					if (byte > 127 || value === 0) return false;
					identifiers.push(value);
					break;
				}
				case property.topicAlias:
					if (at + 2 > end) return false;
					topicAlias = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
					at += 2;
					if (topicAlias === 0) return false;
					break;
				case property.userProperty:
					at = skipText(bytes, at, end);
					if (at >= 0) at = skipText(bytes, at, end);
					break;
				default:
					return false;
			}
			if (at < 0 || at > end) return false;
		}
		return true;
	}

	return {
		read(bytes, at, packetEnd) {
			topicAlias = 0;
			identifiers.length = 0;
			let start = at;
			let length = 0;
			let byte = 128;
			for (let shift = 0; byte > 127 && shift < 28 && start < packetEnd; shift += 7) {
				byte = bytes[start++] as number;
				length |= (byte & 127) << shift;
			}
			const end = start + length;
			packet = bytes;
			sectionStart = start;
			sectionEnd = end;
			if (byte < 128 && end <= packetEnd && walk(bytes, start, end)) return end;
			identifiers.length = 0;
			const known = readProperties(new Reader(bytes, at, packetEnd, 'a PUBLISH'), 'p', 'a PUBLISH');
			topicAlias = known.topicAlias ?? 0;
			identifiers.push(...(known.subscriptionIds ?? []));
			return end;
		},
		get section() {
			return packet.subarray(sectionStart, sectionEnd);
		},
		get length() {
			return sectionEnd - sectionStart;
		},
		get topicAlias() {
			return topicAlias;
		},
		identifiers,
	};
}

function skipBinary(bytes: Buffer, at: number, end: number): number {
	if (at + 2 > end) return -1;
	const next = at + 2 + (((bytes[at] as number) << 8) | (bytes[at + 1] as number));
	return next > end ? -1 : next;
}
