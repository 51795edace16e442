import { formatName } from '../../../model/text/content-formats';

/** An option of a message: its number and its bytes. */
export interface Option {
	number: number;
	value: Uint8Array;
}

type Kind = 'text' | 'opaque' | 'uint' | 'empty' | 'format' | 'block' | 'seconds';

/** Numbers of the options that are used by name. */
export const option = {
	ifMatch: 1,
	uriHost: 3,
	etag: 4,
	ifNoneMatch: 5,
	observe: 6,
	locationPath: 8,
	uriPath: 11,
	contentFormat: 12,
	maxAge: 14,
	uriQuery: 15,
	accept: 17,
	block2: 23,
	block1: 27,
	size2: 28,
	size1: 60,
} as const;

/** IANA, CoAP Option Numbers: name, kind, maximum and minimum length in bytes (RFC 7252, 5.10; 7959, 2.1; 7641, 2; 8768; 7967; 9175). */
const table = new Map<number, [name: string, kind: Kind, max: number, min?: number]>([
	[1, ['If-Match', 'opaque', 8]],
	[3, ['Uri-Host', 'text', 255, 1]],
	[4, ['ETag', 'opaque', 8, 1]],
	[5, ['If-None-Match', 'empty', 0]],
	[6, ['Observe', 'uint', 3]],
	[7, ['Uri-Port', 'uint', 2]],
	[8, ['Location-Path', 'text', 255]],
	[9, ['OSCORE', 'opaque', 255]],
	[11, ['Uri-Path', 'text', 255]],
	[12, ['Content-Format', 'format', 2]],
	[14, ['Max-Age', 'seconds', 4]],
	[15, ['Uri-Query', 'text', 255]],
	[16, ['Hop-Limit', 'uint', 1, 1]],
	[17, ['Accept', 'format', 2]],
	[19, ['Q-Block1', 'block', 3]],
	[20, ['Location-Query', 'text', 255]],
	[21, ['EDHOC', 'empty', 0]],
	[23, ['Block2', 'block', 3]],
	[27, ['Block1', 'block', 3]],
	[28, ['Size2', 'uint', 4]],
	[31, ['Q-Block2', 'block', 3]],
	[35, ['Proxy-Uri', 'text', 1034, 1]],
	[39, ['Proxy-Scheme', 'text', 255, 1]],
	[60, ['Size1', 'uint', 4]],
	[252, ['Echo', 'opaque', 40, 1]],
	[258, ['No-Response', 'uint', 1]],
	[292, ['Request-Tag', 'opaque', 8]],
]);

export const optionName = (number: number): string => table.get(number)?.[0] ?? `Option ${number}`;

/** Options with odd numbers are critical: a message with an unknown one must not be processed (RFC 7252, 5.4.1). */
export const isUnknownCritical = (number: number): boolean => (number & 1) === 1 && !table.has(number);

/** Critical options that a message may have several of: If-Match, Uri-Path, Uri-Query (RFC 7252, 5.10), Q-Block2 (RFC 9177, 4.1). */
const repeatable = new Set([1, 11, 15, 31]);

/**
 * The reason to reject a message because of one of its options, as the end of "it has …": a critical option is unknown,
 * has a length that is not allowed, or is repeated (RFC 7252, 5.4.1, 5.4.3 and 5.4.5). `previous`: number of the option
 * before it.
 */
export function criticalFault(number: number, length: number, previous: number | undefined): string | undefined {
	if ((number & 1) === 0) return undefined;
	const [name, , max, min = 0] = table.get(number) ?? [];
	if (name === undefined || max === undefined) return `the critical option ${number}, which is unknown`;
	if (length > max || length < min)
		return `the critical option ${name} with ${length} bytes, where ${min === max ? '' : `${min} to `}${max} are allowed`;
	if (number === previous && !repeatable.has(number)) return `the critical option ${name} more than once`;
	return undefined;
}

/** The first such reason in options that are in the order of their numbers. */
export function criticalFaultIn(options: readonly Option[]): string | undefined {
	let previous: number | undefined;
	for (const { number, value } of options) {
		const fault = criticalFault(number, value.length, previous);
		if (fault) return fault;
		previous = number;
	}
	return undefined;
}

/** A number without leading zero bytes; 0 is the empty sequence (RFC 7252, 3.2). */
export function uintBytes(value: number): Uint8Array {
	const bytes: number[] = [];
	for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
	return Uint8Array.from(bytes);
}

/** The number in a part of some bytes, in network byte order. */
export function uintOf(bytes: Uint8Array, start = 0, end = bytes.length): number {
	let value = 0;
	for (let at = start; at < end; at++) value = value * 256 + (bytes[at] as number);
	return value;
}

/** The first option with this number and an allowed length; others count as absent (RFC 7252, 5.4.3). */
export function find(options: readonly Option[], number: number): Uint8Array | undefined {
	return options.find((found) => found.number === number && isAllowedLength(number, found.value.length))?.value;
}

/** Whether an option may have this many bytes. Unknown options may have any length. */
export function isAllowedLength(number: number, length: number): boolean {
	const known = table.get(number);
	return known === undefined || (length <= known[2] && length >= (known[3] ?? 0));
}

export function findUint(options: readonly Option[], number: number): number | undefined {
	const value = find(options, number);
	return value && uintOf(value);
}

export interface Block {
	num: number;
	more: boolean;
	/** 0 to 6: blocks of 16 to 1024 bytes; 7 is reserved over UDP (RFC 7959, 2.2). */
	szx: number;
}

export function findBlock(options: readonly Option[], number: number): Block | undefined {
	const value = findUint(options, number);
	return value === undefined ? undefined : { num: value >> 4, more: moreFollow(value), szx: value & 7 };
}

/** The M bit of a block option's value (RFC 7959, 2.2). */
export const moreFollow = (block: number): boolean => (block & 8) !== 0;

export const blockBytes = ({ num, more, szx }: Block): Uint8Array => uintBytes(num * 16 + (more ? 8 : 0) + szx);
export const blockSize = (szx: number): number => 16 << szx;

export const toHex = (bytes: Uint8Array): string => {
	let text = '';
	for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
	return text;
};

/** An option's value in words. */
export function optionText({ number, value }: Option): string {
	const [, kind, max, min = 0] = table.get(number) ?? ['', 'opaque', Number.POSITIVE_INFINITY];
	const hex = value.length > 0 ? `0x${toHex(value)}` : 'empty';
	if (value.length > max) return `${hex} (ignored: longer than the ${max} bytes that are allowed)`;
	if (value.length < min) return 'empty (ignored: too short)';
	switch (kind) {
		case 'text':
			return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value);
		case 'uint':
			return uintOf(value).toLocaleString('en-US', { useGrouping: false });
		case 'seconds':
			return `${uintOf(value)} s`;
		case 'format':
			return `${uintOf(value)} (${formatName(uintOf(value)) ?? 'not registered'})`;
		case 'block': {
			const bits = uintOf(value);
			const size = (bits & 7) === 7 ? 'reserved size' : `${blockSize(bits & 7)} bytes`;
			return `number ${bits >> 4}, ${bits & 8 ? 'more follow' : 'the last'}, ${size}`;
		}
		case 'empty':
			return 'yes';
		case 'opaque':
			return hex;
	}
}
