import type { Receipt } from '../../../model/contracts/message';
import type { Limits } from '../../../model/contracts/session';
import { estimateBytes } from './estimate';
import { hasRoom, inlineTarget, openSegment, reopen, rowBytes, type Segment, sealed } from './segment';

/** A segment is the unit of forgetting and of searching: small enough for a slice of a few milliseconds. */
const mostRows = 8192;
const mostBytes = 1024 * 1024;
/** At least this many segments fit into the limits, so that forgetting one forgets little. */
const segmentsPerLog = 16;
/** Chunks of meta in one segment: a peer may send messages that are little but properties. */
const mostExtra = 4;
/** Beyond the bytes of its text. */
const receiptOverhead = 150;
/** An entry of a map or a list, about. */
const answerBytes = 32;
/** Numbers of sets of subscriptions fit into 16 bits; messages of further sets count as unknown. */
const maxSources = 65_535;
/** A multicast or a stream may have more answers than anybody reads under their request. */
const mostAnswers = 1000;

export interface Log {
	/** Oldest sequence number that is kept, and the one that the next message gets. */
	readonly first: number;
	readonly next: number;
	/** Oldest first; the last one is open. */
	readonly segments: readonly Segment[];
	/** Of payloads, inline targets, meta and receipts. */
	readonly bytes: number;
	/**
	 * `target` is written only if `topic` is `inlineTarget`. `meta`: bytes are copied, an object is kept as it is and must
	 * not change later. `subscriptions`: ids of those that brought the message.
	 */
	append(
		topic: number,
		target: string,
		payload: Uint8Array,
		flags: number,
		time: number,
		meta?: object,
		subscriptions?: readonly string[],
	): number;
	/** Ids of the subscriptions that brought a message, undefined where the adapter did not name them. */
	subscriptions(seq: number): readonly string[] | undefined;
	/** Replaces the one before, but for the answers it had. */
	receipt(seq: number, receipt: Receipt): void;
	/** Joins an answer and its request. */
	answer(seq: number, request: number): void;
	find(seq: number): Segment | undefined;
	clear(): void;
}

/** Messages in the order of their arrival, whole segments of which are forgotten from the old end. */
export function createLog(limits: Limits, onForget: (segment: Segment) => void): Log {
	const rows = Math.min(mostRows, Math.max(1, Math.floor(limits.logMessages / segmentsPerLog)));
	const chunk = Math.min(mostBytes, Math.max(1024, Math.floor(limits.logBytes / segmentsPerLog)));
	let open = openSegment(0, rows, chunk);
	/** The open segment but for large payloads: when it is full, its rows move out. */
	const scratch = open;
	let segments: Segment[] = [open];
	/** Its arrays are used again. */
	let forgotten: Segment | undefined;
	let first = 0;
	let next = 0;
	let bytes = 0;
	/** Sets of subscriptions by number. Number 0 stands for an unknown set. */
	const sources: (readonly string[] | undefined)[] = [undefined];
	const sourceNumbers = new Map<string, number>();

	function sourceNumber(subscriptions: readonly string[]): number {
		const key = subscriptions.length === 1 ? (subscriptions[0] as string) : JSON.stringify(subscriptions);
		const cached = sourceNumbers.get(key);
		if (cached !== undefined) return cached;
		if (sources.length > maxSources) return 0;
		sourceNumbers.set(key, sources.length);
		return sources.push(subscriptions) - 1;
	}

	function startSegment(size: number): void {
		if (open === scratch && open.rows > 0) {
			segments[segments.length - 1] = sealed(open, forgotten);
			forgotten = undefined;
		} else if (open.rows === 0) segments.pop();
		// A payload above the chunk's size gets a segment of its own.
		open = size > chunk ? openSegment(next, 1, size) : reopen(scratch, next);
		segments.push(open);
	}

	/** Rows count, too: of messages of a few bytes they take most of the memory. */
	const isOverLimit = (): boolean =>
		bytes + (next - first) * rowBytes > limits.logBytes || next - first > limits.logMessages;

	function forget(): void {
		while (segments.length > 1 && isOverLimit()) {
			const oldest = segments.shift() as Segment;
			bytes -= oldest.used + oldest.extra;
			first = oldest.first + oldest.rows;
			onForget(oldest);
			if (oldest.bytes.length <= chunk) forgotten = reopen(oldest, first);
		}
	}

	function find(seq: number): Segment | undefined {
		if (!(seq >= first && seq < next)) return undefined;
		let low = 0;
		let high = segments.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((segments[middle] as Segment).first <= seq) low = middle;
			else high = middle - 1;
		}
		return segments[low];
	}

	function count(segment: Segment, more: number): void {
		segment.extra += more;
		bytes += more;
	}

	function keepReceipt(seq: number, receipt: Receipt): void {
		const segment = find(seq);
		if (!segment) return;
		if (!segment.receipts) segment.receipts = new Map();
		const size = (given: Receipt | undefined) =>
			given
				? receiptOverhead +
					given.text.length +
					(given.evidence?.length ?? 0) +
					(given.answers?.length ?? 0) * answerBytes
				: 0;
		count(segment, size(receipt) - size(segment.receipts.get(seq)));
		segment.receipts.set(seq, receipt);
	}

	return {
		get first() {
			return first;
		},
		get next() {
			return next;
		},
		get segments() {
			return segments;
		},
		get bytes() {
			return bytes;
		},
		append(topic, target, payload, flags, time, meta, subscriptions) {
			const inline = topic === inlineTarget && target !== '' ? Buffer.byteLength(target) : 0;
			const properties = meta instanceof Uint8Array ? meta : undefined;
			const metaBytes = properties?.length ?? 0;
			const size = payload.length + metaBytes + inline;
			const full = !hasRoom(open, size) || open.extra > mostExtra * chunk;
			if (full && (open.rows > 0 || size > open.bytes.length)) startSegment(size);
			const row = open.rows++;
			const at = open.used;
			open.time[row] = time;
			open.topic[row] = topic;
			open.offset[row] = at;
			open.length[row] = payload.length;
			open.flags[row] = flags;
			open.bytes.set(payload, at);
			if (properties && metaBytes > 0) {
				open.bytes.set(properties, at + payload.length);
				open.metaLength ??= new Uint32Array(open.time.length);
				open.metaLength[row] = metaBytes;
			}
			if (inline > 0) open.bytes.write(target, at + payload.length + metaBytes, 'utf8');
			if (subscriptions) {
				open.sources ??= new Uint16Array(open.time.length);
				open.sources[row] = sourceNumber(subscriptions);
			}
			open.used = at + size;
			bytes += size;
			const seq = next++;
			if (meta && !properties) {
				if (!open.meta) open.meta = [];
				open.meta[row] = meta;
				const extra = estimateBytes(meta);
				open.extra += extra;
				bytes += extra;
			}
			if (isOverLimit()) forget();
			return seq;
		},
		receipt(seq, receipt) {
			const answers = find(seq)?.receipts?.get(seq)?.answers;
			keepReceipt(seq, answers ? { ...receipt, answers } : receipt);
		},
		answer(seq, request) {
			const segment = find(seq);
			if (segment) {
				if (!segment.answers) segment.answers = new Map();
				segment.answers.set(seq, request);
				count(segment, answerBytes);
			}
			const receipt = find(request)?.receipts?.get(request);
			const answers = receipt?.answers ?? [];
			if (receipt && answers.length < mostAnswers) keepReceipt(request, { ...receipt, answers: [...answers, seq] });
		},
		subscriptions(seq) {
			const segment = find(seq);
			return segment && sources[segment.sources?.[seq - segment.first] ?? 0];
		},
		find,
		clear() {
			first = next;
			bytes = 0;
			forgotten = undefined;
			open = reopen(scratch, first);
			segments = [open];
		},
	};
}
