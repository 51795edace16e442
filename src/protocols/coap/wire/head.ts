import type { Option } from './options';

/** What stands before the payload of a message. */
export interface Head {
	id: number;
	/** In hexadecimal. */
	token: string;
	options: Option[];
}

/** Reads a head, in hexadecimal, that `readMessage` has found well-formed. Anything else is read as far as it goes. */
export function headOf(hex: string): Head {
	const bytes = Uint8Array.from({ length: hex.length >> 1 }, (_, at) =>
		Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
	);
	const byte = (index: number) => bytes[index] ?? 0;
	let at = 4 + (byte(0) & 15);
	const token = hex.slice(8, 2 * at);
	const options: Option[] = [];
	let number = 0;
	/** A nibble with its extension (RFC 7252, 3.1). */
	const extended = (nibble: number): number => {
		if (nibble === 13) return byte(at++) + 13;
		if (nibble !== 14) return nibble;
		at += 2;
		return byte(at - 2) * 256 + byte(at - 1) + 269;
	};
	while (at < bytes.length) {
		const first = byte(at++);
		number += extended(first >> 4);
		const length = extended(first & 15);
		options.push({ number, value: bytes.slice(at, at + length) });
		at += length;
	}
	return { id: byte(2) * 256 + byte(3), token, options };
}
