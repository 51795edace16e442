import type { Mark } from '../../../model/checks/mark';
import type { Receipt, Settlement } from '../../../model/contracts/message';

/** Value of the `topic` column for a target that is not a node of the tree; its bytes follow the payload. */
export const inlineTarget = 0xffffffff;

/**
 * Consecutive messages in columns. `bytes` holds, row after row, the payload, the properties that the adapter logged as
 * bytes, and the target where the tree does not know it.
 */
export interface Segment {
	/** Sequence number of row 0. */
	first: number;
	rows: number;
	/** Milliseconds since the epoch. */
	time: Float64Array;
	topic: Uint32Array;
	offset: Uint32Array;
	length: Uint32Array;
	flags: Uint16Array;
	bytes: Buffer;
	used: number;
	/** Properties that are objects, by row. An array, because a flood fills it much faster than a map. */
	meta: (object | undefined)[] | undefined;
	/** Lengths of properties that are bytes, by row; allocated with the first of them. */
	metaLength: Uint32Array | undefined;
	/** Numbers of the sets of subscriptions that brought the messages, by row; allocated with the first. 0: not known. */
	sources: Uint16Array | undefined;
	/** By sequence number. */
	receipts: Map<number, Receipt> | undefined;
	/** Lines whose receipt is a failure. */
	failed: Set<number> | undefined;
	/** Lines of the requests that received messages answer, by sequence number. */
	answers: Map<number, number> | undefined;
	/** Settlements of received messages, by sequence number. */
	settlements: Map<number, Settlement> | undefined;
	/** What is wrong about the arrival of received messages, by sequence number. */
	marks: Map<number, readonly Mark[]> | undefined;
	/** Estimated size of meta, receipts, settlements and marks. */
	extra: number;
}

/** Bytes of one row in the columns. */
export const rowBytes = 22;

export function openSegment(first: number, rows: number, bytes: number): Segment {
	return {
		first,
		rows: 0,
		time: new Float64Array(rows),
		topic: new Uint32Array(rows),
		offset: new Uint32Array(rows),
		length: new Uint32Array(rows),
		flags: new Uint16Array(rows),
		bytes: Buffer.allocUnsafeSlow(bytes),
		used: 0,
		meta: undefined,
		metaLength: undefined,
		sources: undefined,
		receipts: undefined,
		failed: undefined,
		answers: undefined,
		settlements: undefined,
		marks: undefined,
		extra: 0,
	};
}

/** Empties a segment for reuse. */
export function reopen(segment: Segment, first: number): Segment {
	segment.first = first;
	segment.rows = 0;
	segment.used = 0;
	segment.meta = undefined;
	segment.metaLength = undefined;
	segment.sources = undefined;
	segment.receipts = undefined;
	segment.failed = undefined;
	segment.answers = undefined;
	segment.settlements = undefined;
	segment.marks = undefined;
	segment.extra = 0;
	return segment;
}

/** Maximum share of a reused segment's memory that may stay unused. */
const maxSlack = 1 / 16;

/**
 * Copies a segment without spare capacity, so that the open segment's arrays can be reused. Once the log is full, the
 * copy goes into the arrays of an evicted segment where they fit, because allocating memory costs many times what
 * copying does.
 */
export function sealed(segment: Segment, forgotten?: Segment): Segment {
	const { rows, used } = segment;
	const again = forgotten && fills(rows, forgotten.time.length) && fills(used, forgotten.bytes.length);
	const { time, topic, offset, length, flags, bytes } = again ? forgotten : openSegment(0, rows, used);
	time.set(segment.time.subarray(0, rows));
	topic.set(segment.topic.subarray(0, rows));
	offset.set(segment.offset.subarray(0, rows));
	length.set(segment.length.subarray(0, rows));
	flags.set(segment.flags.subarray(0, rows));
	bytes.set(segment.bytes.subarray(0, used));
	const metaLength = segment.metaLength?.slice(0, rows);
	const sources = segment.sources?.slice(0, rows);
	return { ...segment, time, topic, offset, length, flags, bytes, metaLength, sources };
}

function fills(needed: number, room: number): boolean {
	return needed <= room && needed >= room * (1 - maxSlack);
}

/** Properties and receipts count towards a segment's size, so that it is evicted in time. */
export function hasRoom(segment: Segment, size: number): boolean {
	return segment.rows < segment.time.length && segment.used + segment.extra + size <= segment.bytes.length;
}

/** Where the next row begins. */
function rowEnd(segment: Segment, row: number): number {
	return row + 1 < segment.rows ? (segment.offset[row + 1] as number) : segment.used;
}

/** Not a copy: valid until the next append. */
export function payloadOf(segment: Segment, row: number): Buffer {
	const start = segment.offset[row] as number;
	return segment.bytes.subarray(start, start + (segment.length[row] as number));
}

function metaStart(segment: Segment, row: number): number {
	return (segment.offset[row] as number) + (segment.length[row] as number);
}

/** Where the inline target would begin. */
function metaEnd(segment: Segment, row: number): number {
	return metaStart(segment, row) + (segment.metaLength?.[row] ?? 0);
}

/** A message's properties as the adapter logged them. Bytes are not copied: valid until the next append. */
export function metaOf(segment: Segment, row: number): object | undefined {
	const end = metaEnd(segment, row);
	const start = metaStart(segment, row);
	return end > start ? segment.bytes.subarray(start, end) : segment.meta?.[row];
}

export function inlineTargetOf(segment: Segment, row: number): string {
	const start = metaEnd(segment, row);
	const end = rowEnd(segment, row);
	return start === end ? '' : segment.bytes.toString('utf8', start, end);
}

export function isInlineTarget(segment: Segment, row: number, target: Uint8Array): boolean {
	const start = metaEnd(segment, row);
	const end = rowEnd(segment, row);
	return (
		end - start === target.length &&
		(start === end || segment.bytes.compare(target, 0, target.length, start, end) === 0)
	);
}
