import { randomBytes } from 'node:crypto';

/** Bytes of a mark: a run's id and a sequence number. The smallest payload consists of it alone. */
export const markBytes = 16;
const idLength = 6;
const digits = markBytes - idLength;

/**
 * Letters, digits, "+" and "/" only, so that every protocol carries the payload as it is: text frames, XML and JSON need
 * no escapes.
 */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Payloads of one run: the id of the run, the number of the message in ten digits, and filler that compresses badly. */
export interface Marks {
	/** A payload of its own for each message. */
	payload(sequence: number): Uint8Array;
	/** The number of a message of this run, also where the protocol wraps the payload; undefined for any other message. */
	sequence(payload: Uint8Array): number | undefined;
}

/** `size` in bytes, at least `markBytes`. */
export function createMarks(size: number): Marks {
	const id = Array.from(randomBytes(idLength), (byte) => alphabet[byte % 62]).join('');
	const filler = Buffer.from(randomBytes(size).map((byte) => alphabet.charCodeAt(byte % 64)));
	filler.write(id, 0, 'latin1');
	return {
		payload(sequence) {
			const bytes = Buffer.from(filler);
			bytes.write(String(sequence).padStart(digits, '0'), idLength, 'latin1');
			return bytes;
		},
		sequence(payload) {
			const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
			const at = bytes.indexOf(id, 0, 'latin1');
			if (at < 0 || at + markBytes > bytes.length) return undefined;
			let number = 0;
			for (let index = at + idLength; index < at + markBytes; index++) {
				const digit = (bytes[index] as number) - 48;
				if (digit < 0 || digit > 9) return undefined;
				number = number * 10 + digit;
			}
			return number;
		},
	};
}
