import type { Mark } from '../../../model/checks/mark';
import type { Proof, Receipt, Settlement } from '../../../model/contracts/message';
import type { Limits } from '../../../model/contracts/session';
import { estimateBytes } from './estimate';
import { hasRoom, inlineTarget, openSegment, reopen, rowBytes, type Segment, sealed } from './segment';

/**
 * Limits of a segment, the unit of eviction and of searching: small enough to be searched within a few milliseconds.
 */
const maxRows = 8192;
const maxBytes = 1024 * 1024;
/** Minimum number of segments within the limits, so that evicting one loses little. */
const segmentsPerLog = 16;
/** Maximum chunks of properties in one segment, for messages that consist mostly of properties. */
const maxExtra = 4;
/** Bytes of a receipt beyond its text. */
const receiptOverhead = 150;
/** Bytes of a settlement, whose text is shared by many messages. */
const settlementBytes = 100;
/** Bytes of a mark beyond its reason. */
const markOverhead = 100;
/** Approximate bytes of a map or list entry. */
const answerBytes = 32;
/** Numbers of sets of subscriptions fit into 16 bits; messages of further sets count as unknown. */
const maxSources = 65_535;
/** Maximum answers listed with a request. A multicast or a stream may have far more. */
const maxAnswers = 1000;

/** What counts as a failure of a sent message. */
const failures: readonly Proof[] = ['unrouted', 'unknown', 'refused'];

export interface Log {
	/** Oldest kept sequence number, and the next one. */
	readonly first: number;
	readonly next: number;
	/** Oldest first; the last one is open. */
	readonly segments: readonly Segment[];
	/** Bytes of payloads, inline targets, properties and receipts. */
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
	/** Replaces an earlier receipt but keeps its answers. */
	receipt(seq: number, receipt: Receipt): void;
	/** Links an answer to its request. */
	answer(seq: number, request: number): void;
	/** Replaces an earlier settlement. */
	settle(seq: number, settlement: Settlement): void;
	/** Keeps what is wrong about the arrival of a message. */
	mark(seq: number, marks: readonly Mark[]): void;
	/** Closes all open settlements. */
	endSettlements(): void;
	find(seq: number): Segment | undefined;
	clear(): void;
}

/** Messages in order of arrival, evicted from the old end by whole segments. */
export function createLog(limits: Limits, onForget: (segment: Segment) => void): Log {
	const rows = Math.min(maxRows, Math.max(1, Math.floor(limits.logMessages / segmentsPerLog)));
	const chunk = Math.min(maxBytes, Math.max(1024, Math.floor(limits.logBytes / segmentsPerLog)));
	let open = openSegment(0, rows, chunk);
	/** The open segment, except for large payloads. When it is full, its rows are moved to a sealed segment. */
	const scratch = open;
	let segments: Segment[] = [open];
	/** A spare segment whose arrays are reused. */
	let forgotten: Segment | undefined;
	let first = 0;
	let next = 0;
	let bytes = 0;
	/** Sets of subscriptions by number. Number 0 stands for an unknown set. */
	const sources: (readonly string[] | undefined)[] = [undefined];
	const sourceNumbers = new Map<string, number>();
	/** The latest set: a flood brings the same array again and again. */
	let latestSet: readonly string[] | undefined;
	let latestNumber = 0;

	function sourceNumber(subscriptions: readonly string[]): number {
		if (subscriptions !== latestSet) {
			latestNumber = numberOf(subscriptions);
			latestSet = subscriptions;
		}
		return latestNumber;
	}

	function numberOf(subscriptions: readonly string[]): number {
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
		// A payload larger than a chunk gets its own segment.
		open = size > chunk ? openSegment(next, 1, size) : reopen(scratch, next);
		segments.push(open);
	}

	/** Rows are counted, too: with payloads of a few bytes they take most of the memory. */
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
		if (failures.includes(receipt.proof)) {
			segment.failed ??= new Set();
			segment.failed.add(seq);
		} else segment.failed?.delete(seq);
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
			const full = !hasRoom(open, size) || open.extra > maxExtra * chunk;
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
			if (receipt && answers.length < maxAnswers) keepReceipt(request, { ...receipt, answers: [...answers, seq] });
		},
		subscriptions(seq) {
			const segment = find(seq);
			return segment && sources[segment.sources?.[seq - segment.first] ?? 0];
		},
		settle(seq, settlement) {
			const segment = find(seq);
			if (!segment) return;
			segment.settlements ??= new Map();
			if (!segment.settlements.has(seq)) count(segment, settlementBytes);
			segment.settlements.set(seq, settlement);
		},
		mark(seq, marks) {
			const segment = find(seq);
			if (!segment) return;
			segment.marks ??= new Map();
			count(
				segment,
				marks.reduce((sum, { reason }) => sum + markOverhead + reason.length, 0),
			);
			segment.marks.set(seq, marks);
		},
		endSettlements() {
			for (const { settlements } of segments)
				for (const [seq, settlement] of settlements ?? [])
					if (settlement.open) settlements?.set(seq, { open: false, text: settlement.atEnd ?? 'not settled' });
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
