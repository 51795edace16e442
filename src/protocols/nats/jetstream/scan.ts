import type { ReadMessage, Stored } from './stored';
import type { Stream } from './streams';

/** Requests that are on their way at once, and the bytes of their answers together. */
const maxAhead = 64;
const maxBytesAhead = 4 * 1024 * 1024;
/** Requests for finding the newest messages where many are missing or do not match. */
const maxSearch = 20_000;

export interface ScanOptions {
	stream: Stream;
	read: ReadMessage;
	/** Undefined: all subjects. */
	filter?: string;
	/** Aborted when nothing more is wanted. */
	signal: AbortSignal;
	/** Called for each message in order. */
	message(stored: Stored): void;
}

export interface Scanned {
	count: number;
	/** The sequence from which on nothing has been read yet. */
	next: bigint;
}

/** Reads the messages from one sequence up to another, both included, at most `most` of them. */
export async function scan(options: ScanOptions, from: bigint, to: bigint, most: number): Promise<Scanned> {
	const ahead = windowOf(options.stream);
	const { read, filter, signal, message } = options;
	let next = from;
	let count = 0;
	/** Several requests at once need the sequences in advance: only without a filter, and where few are missing. */
	let isDense = filter === undefined;
	while (next <= to && count < most && !signal.aborted) {
		if (!isDense) {
			const stored = await read({ from: next, subject: filter ?? '>' });
			if (!stored || stored.sequence > to || signal.aborted) return { count, next: to + 1n };
			message(stored);
			count++;
			next = stored.sequence + 1n;
			isDense = filter === undefined;
			continue;
		}
		const size = Math.min(ahead, most - count, Number(to - next + 1n));
		const answers = await Promise.all(Array.from({ length: size }, (_, at) => read({ sequence: next + BigInt(at) })));
		if (signal.aborted) break;
		const found = answers.filter((one) => one !== undefined);
		for (const stored of found) message(stored);
		count += found.length;
		next += BigInt(size);
		isDense = found.length > 0;
	}
	return { count, next };
}

/**
 * Reads what has arrived from this sequence on, without knowing how much. Where messages follow each other, more and more of
 * them are asked for at once. Returns the sequence behind them.
 */
export async function scanNew({ stream, read, filter, signal, message }: ScanOptions, from: bigint): Promise<bigint> {
	let next = from;
	for (let ahead = 0; ; ahead = filter === undefined ? ahead * 2 + 1 : 0) {
		const first = await read({ from: next, subject: filter ?? '>' });
		if (!first || signal.aborted) return next;
		const size = Math.min(ahead, windowOf(stream), Math.floor(maxBytesAhead / (first.payload.length + 1)));
		const rest = await Promise.all(
			Array.from({ length: size }, (_, at) => read({ sequence: first.sequence + BigInt(at + 1) })),
		);
		if (signal.aborted) return next;
		for (const stored of [first, ...rest]) {
			// Behind a gap there may be a message that this server does not have yet.
			if (!stored) {
				ahead = 0;
				break;
			}
			message(stored);
			next = stored.sequence + 1n;
		}
	}
}

/** The number of requests at once, by the average size of the stream's messages. */
export function windowOf({ bytes, messages }: Stream): number {
	const average = messages > 0n ? Number(bytes / messages) + 1 : 1;
	return Math.max(1, Math.min(maxAhead, Math.floor(maxBytesAhead / average)));
}

/** The sequence from which on there are `wanted` messages, as far as a bounded search finds it. */
export async function startOfNewest({ stream, read, filter, signal }: ScanOptions, wanted: number): Promise<bigint> {
	const { first, last, deleted } = stream;
	const at = (distance: bigint) => (last - distance + 1n > first ? last - distance + 1n : first);
	if (filter === undefined && deleted === 0n) return at(BigInt(wanted));
	let missing = wanted;
	let requests = 0;
	let end = last;
	let distance = BigInt(wanted);
	while (!signal.aborted) {
		const start = at(distance);
		/** Sequences of this part, of which the last ones count. */
		const found: bigint[] = [];
		for (let next = start; next <= end && requests < maxSearch && !signal.aborted; requests++) {
			const stored = await read({ from: next, subject: filter ?? '>' });
			if (!stored || stored.sequence > end) break;
			found.push(stored.sequence);
			next = stored.sequence + 1n;
		}
		if (found.length >= missing) return found[found.length - missing] ?? start;
		missing -= found.length;
		if (start <= first || requests >= maxSearch) return start;
		end = start - 1n;
		distance *= 4n;
	}
	return last + 1n;
}

/** The sequence of the first message that was stored at this time or later, by a binary search. */
export async function startOfTime({ stream, read, signal }: ScanOptions, time: number): Promise<bigint> {
	let [low, high] = [stream.first, stream.last + 1n];
	while (low < high && !signal.aborted) {
		const middle = (low + high) / 2n;
		const stored = await read({ from: middle, subject: '>' });
		if (stored && Date.parse(stored.time) < time) low = stored.sequence + 1n;
		else high = middle;
	}
	return low;
}
