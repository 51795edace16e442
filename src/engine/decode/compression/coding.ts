import type { Coding } from '../../../model/contracts/message';

/** What a message says about its payload. */
export interface Declared {
	/** MIME type. */
	type?: string;
	/** As in HTTP's Content-Encoding (RFC 9110, section 8.4.1). */
	encoding?: string;
}

const encodings: [Coding, RegExp][] = [
	['gzip', /^(x-)?gzip$/],
	['deflate', /^(x-)?(deflate|zlib)$/],
	['brotli', /^(br|brotli)$/],
];
const types: [Coding, RegExp][] = [
	['gzip', /^application\/(x-)?gzip\b/],
	['deflate', /^application\/(x-)?(zlib|deflate)\b/],
	['brotli', /^application\/(x-)?(br|brotli)\b/],
];

/** The compression that the content encoding or the content type of a message names. */
export function declaredCoding({ type, encoding }: Declared): Coding | undefined {
	const find = (table: [Coding, RegExp][], text: string | undefined) =>
		text === undefined ? undefined : table.find(([, pattern]) => pattern.test(text.trim().toLowerCase()))?.[0];
	return find(encodings, encoding) ?? find(types, type);
}

/**
 * The compression that the first bytes name: gzip (RFC 1952, section 2.3.1) and zlib with its usual window of 32 KB (RFC
 * 1950, section 2.2). Brotli and raw deflate have no signature.
 */
export function signedCoding(payload: Uint8Array): Coding | undefined {
	const [first = 0, second = 0, third = 0] = payload;
	if (first === 0x1f && second === 0x8b && third === 8) return 'gzip';
	// The first two bytes are a multiple of 31, and the four values are the four levels of compression.
	return first === 0x78 && (second === 0x01 || second === 0x5e || second === 0x9c || second === 0xda)
		? 'zlib'
		: undefined;
}
