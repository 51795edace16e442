/** How a stream ends that was cut. */
export type Ending = 'fin' | 'silence';

export interface Cut {
	name: string;
	/** Written one after the other, each in a TCP segment of its own. */
	chunks: Buffer[];
	ending: Ending;
}

/** Every packet truncated after each of its bytes, the ones before it whole, for each ending. */
export function* truncations(
	packets: readonly Buffer[],
	endings: readonly Ending[] = ['fin', 'silence'],
): Generator<Cut> {
	for (const [index, packet] of packets.entries()) {
		const before = packets.slice(0, index);
		for (let at = 0; at < packet.length; at++)
			for (const ending of endings)
				yield {
					name: `packet ${index} cut after ${at} of ${packet.length} bytes, then ${ending}`,
					chunks: [...before, packet.subarray(0, at)].filter((chunk) => chunk.length > 0),
					ending,
				};
	}
}

/** The whole stream in two parts, split at each byte. */
export function* splits(packets: readonly Buffer[]): Generator<Cut> {
	const stream = Buffer.concat(packets);
	for (let at = 1; at < stream.length; at++)
		yield {
			name: `stream split after ${at} of ${stream.length} bytes`,
			chunks: [stream.subarray(0, at), stream.subarray(at)],
			ending: 'silence',
		};
}

/** The whole stream byte by byte. */
export function bytewise(packets: readonly Buffer[]): Cut {
	const stream = Buffer.concat(packets);
	return { name: 'byte by byte', chunks: [...stream].map((byte) => Buffer.of(byte)), ending: 'silence' };
}
