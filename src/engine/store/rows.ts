import { fail } from '../../base/failure';
import { type Direction, direction, type Row } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { type Content, contentOf } from '../decode/compression/content';
import type { Latest } from './log/latest';
import type { Log } from './log/log';
import { inlineTarget, inlineTargetOf, isInlineTarget, metaOf, payloadOf, type Segment } from './log/segment';
import { createPreviews, declaredOf, partPreview } from './previews';
import type { Tree } from './tree/tree';

/** Maximum size of a payload after decompression, in bytes. */
const maxContent = 16 * 1024 * 1024;

/** Location of a message, valid until the next append. */
export interface Place {
	segment: Segment;
	row: number;
}

/** Access to single messages, in the log or among the copies of topics' latest messages. */
export interface Rows {
	/** Throws `evicted`. */
	place(seq: number): Place;
	row(seq: number): Row;
	/** Not a copy. */
	payload(seq: number): Buffer;
	/** The payload after decompression. */
	content(seq: number): Content;
	/** As the adapter logged it; bytes are not a copy. */
	meta(seq: number): object | undefined;
	/** Undefined if the message was evicted. */
	preview(seq: number): string | undefined;
	target(place: Place): string;
	/** Messages before `before` on the same target and in the same direction that are in the log, latest first. */
	earlier(seq: number, before: number): Generator<number>;
	/** Messages from line `from` to before `before` on this target in this direction, latest first. */
	on(target: string, way: Direction, from: number, before: number): Generator<number>;
	/** The next message on the same target in the same direction. */
	next(seq: number): number | undefined;
}

export function createRows(log: Log, latest: Latest, tree: Tree, description: ProtocolDescription): Rows {
	const previewAt = createPreviews(description);
	const reading = description.columns.filter(({ read }) => read);
	const lookUp = (seq: number): Segment | undefined => log.find(seq) ?? latest.find(seq);

	function place(seq: number): Place {
		const segment = lookUp(seq);
		if (!segment) throw fail('evicted', 'This message is no longer in the log.');
		return { segment, row: seq - segment.first };
	}

	function cellsOf(segment: Segment, row: number): Record<string, string> {
		const meta = metaOf(segment, row);
		return Object.fromEntries(reading.map(({ id, read }) => [id, read?.(segment.flags[row] as number, meta) ?? '']));
	}

	function target({ segment, row }: Place): string {
		const topic = segment.topic[row] as number;
		return topic === inlineTarget ? inlineTargetOf(segment, row) : tree.path(topic);
	}

	/** Returns a test for rows on the same target and in the same direction. */
	function alike(seq: number): (segment: Segment, row: number) => boolean {
		const start = place(seq);
		return like(target(start), direction(start.segment.flags[start.row] as number));
	}

	function like(wanted: string, way: Direction): (segment: Segment, row: number) => boolean {
		// A target may be inline in rows from before its first received message and a node in later ones.
		const node = tree.find(wanted) ?? inlineTarget;
		const bytes = Buffer.from(wanted);
		return (segment, row) => {
			const topic = segment.topic[row] as number;
			if (topic !== node && topic !== inlineTarget) return false;
			if (direction(segment.flags[row] as number) !== way) return false;
			return topic !== inlineTarget || isInlineTarget(segment, row, bytes);
		};
	}

	function* backwards(fits: (segment: Segment, row: number) => boolean, from: number, before: number) {
		for (let at = log.segments.length - 1; at >= 0; at--) {
			const segment = log.segments[at];
			if (!segment || segment.first >= before) continue;
			const first = Math.max(0, from - segment.first);
			for (let row = Math.min(segment.rows, before - segment.first) - 1; row >= first; row--)
				if (fits(segment, row)) yield segment.first + row;
			if (segment.first <= from) return;
		}
	}

	return {
		place,
		target,
		row(seq) {
			const found = place(seq);
			const { segment, row } = found;
			const part = partPreview(description, segment, row);
			const made: Row = {
				seq,
				time: segment.time[row] as number,
				flags: segment.flags[row] as number,
				target: target(found),
				size: segment.length[row] as number,
				...previewAt(segment, row),
				...(part && { part }),
				...(reading.length > 0 && { cells: cellsOf(segment, row) }),
				...description.authorship?.(metaOf(segment, row), segment.flags[row] as number),
			};
			const subscriptions = log.subscriptions(seq);
			if (subscriptions) made.subscriptions = subscriptions;
			const receipt = segment.receipts?.get(seq);
			if (receipt) made.receipt = receipt;
			const settlement = segment.settlements?.get(seq);
			if (settlement) made.settlement = settlement;
			const marks = segment.marks?.get(seq);
			if (marks) made.checkMarks = marks;
			const answers = segment.answers?.get(seq);
			if (answers !== undefined) {
				made.answers = answers;
				const request = lookUp(answers);
				if (request) made.roundTrip = made.time - (request.time[answers - request.first] as number);
			}
			return made;
		},
		payload(seq) {
			const { segment, row } = place(seq);
			return payloadOf(segment, row);
		},
		content(seq) {
			const { segment, row } = place(seq);
			return contentOf(payloadOf(segment, row), declaredOf(description, metaOf(segment, row)), maxContent);
		},
		meta(seq) {
			const { segment, row } = place(seq);
			return metaOf(segment, row);
		},
		preview(seq) {
			const segment = lookUp(seq);
			return segment && previewAt(segment, seq - segment.first).preview;
		},
		earlier: (seq, before) => backwards(alike(seq), 0, before),
		on: (target, way, from, before) => backwards(like(target, way), from, before),
		next(seq) {
			const fits = alike(seq);
			for (const segment of log.segments) {
				if (segment.first + segment.rows <= seq) continue;
				for (let row = Math.max(0, seq + 1 - segment.first); row < segment.rows; row++)
					if (fits(segment, row)) return segment.first + row;
			}
			return undefined;
		},
	};
}
