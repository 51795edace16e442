import { tooLarge } from '../../shared/failures';
import { createFramer, type Framer } from '../../shared/frames';
import { broken } from './reader';

/** One packet: `first` is its first byte, the rest after the fixed header is `bytes` from `start` to `end`. */
export type OnPacket = (first: number, bytes: Buffer, start: number, end: number, packetStart: number) => void;

/**
 * Cuts the stream into packets by their remaining length (MQTT 5, 2.1.4). Throws for a packet that declares more than
 * `limit` bytes, and for a length that MQTT does not allow.
 */
export function createPacketFramer(limit: number, onPacket: OnPacket): Framer {
	/** Where the fixed header of the packet ends whose size was read last. */
	let headerEnd = 0;

	function size(bytes: Buffer, at: number): number {
		let header = at + 1;
		let remaining = 0;
		let shift = 0;
		let byte = 0x80;
		while (header < bytes.length && byte >= 0x80) {
			byte = bytes[header++] as number;
			remaining |= (byte & 0x7f) << shift;
			shift += 7;
			if (byte >= 0x80 && shift === 28)
				throw broken(
					'The broker sent a packet whose length has more than four bytes (MQTT 5, 1.5.5).',
					`first bytes ${bytes.subarray(at, at + 5).toString('hex')}`,
				);
		}
		if (byte >= 0x80) return 0;
		if (remaining > limit) throw tooLarge('broker', 'a packet', remaining, limit);
		headerEnd = header;
		return header - at + remaining;
	}

	return createFramer({
		size,
		frame: (bytes, start, end) => onPacket(bytes[start] as number, bytes, headerEnd, end, start),
	});
}
