/** Lines of a stream as bytes, without their ends ("\n" or "\r\n"). A last line without an end counts. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
	let rest: Buffer[] = [];
	for await (const chunk of stream) {
		const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		const lines: Buffer[] = [];
		let start = 0;
		for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
			const piece = bytes.subarray(start, end);
			lines.push(trimmed(rest.length > 0 ? Buffer.concat([...rest, piece]) : piece));
			rest = [];
			start = end + 1;
		}
		if (start < bytes.length) rest.push(bytes.subarray(start));
		// All lines of a chunk together: one turn for each would cost more than the line.
		if (lines.length > 0) yield lines;
	}
	if (rest.length > 0) yield [trimmed(Buffer.concat(rest))];
}

function trimmed(line: Buffer): Buffer {
	return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}
