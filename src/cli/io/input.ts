/** Messages of standard input in batches: its lines, or all of it as one message. Ends early when the signal is aborted. */
export async function* messagesOf(
	input: AsyncIterable<Uint8Array>,
	format: 'lines' | 'whole',
	signal: AbortSignal,
): AsyncGenerator<Uint8Array[]> {
	if (format === 'lines') return yield* linesOf(untilAborted(input, signal));
	const chunks: Uint8Array[] = [];
	for await (const chunk of untilAborted(input, signal)) chunks.push(chunk);
	// The message is incomplete if reading was stopped.
	if (!signal.aborted) yield [Buffer.concat(chunks)];
}

/** Lines of a stream as bytes, without their ends ("\n" or "\r\n"). A last line without an end counts. */
async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
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
		// All lines of a chunk at once: an asynchronous step for each line would cost more than the line.
		if (lines.length > 0) yield lines;
	}
	if (rest.length > 0) yield [trimmed(Buffer.concat(rest))];
}

function trimmed(line: Buffer): Buffer {
	return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

/** Ends a read that waits for input when the signal is aborted. */
async function* untilAborted(input: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	const iterator = input[Symbol.asyncIterator]();
	let stop = () => {};
	signal.addEventListener('abort', () => stop());
	while (!signal.aborted) {
		// A race with one promise for the abort would keep everything that was ever read in memory.
		const next = await new Promise<IteratorResult<Uint8Array> | undefined>((resolve, reject) => {
			stop = () => resolve(undefined);
			iterator.next().then(resolve, reject);
		});
		if (!next || next.done) return;
		yield next.value;
	}
}
