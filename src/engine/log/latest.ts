import { estimateBytes } from './estimate';
import { inlineTarget, openSegment, payloadOf, type Segment } from './segment';

/** The latest message of a topic after the log has forgotten its segment. The payload is kept as Latin-1: no object. */
interface Copy {
	time: number;
	topic: number;
	flags: number;
	payload: string;
	meta?: object;
	/** What it counts for. */
	size: number;
}

export interface Latest {
	/** Of payload and meta. */
	readonly bytes: number;
	keep(segment: Segment, row: number): void;
	/** As a segment of one row. */
	find(seq: number): Segment | undefined;
	drop(seq: number): void;
	clear(): void;
}

/** Copies of the messages that are the latest of their topic. Beyond `mostBytes` the oldest copies go. */
export function createLatest(mostBytes: number): Latest {
	const overhead = 100;
	const copies = new Map<number, Copy>();
	let bytes = 0;

	function drop(seq: number): void {
		const copy = copies.get(seq);
		if (!copy) return;
		bytes -= copy.size;
		copies.delete(seq);
	}

	return {
		get bytes() {
			return bytes;
		},
		keep(segment, row) {
			const seq = segment.first + row;
			const payload = payloadOf(segment, row);
			const meta = segment.meta?.[row];
			const size = payload.length + overhead + (meta ? estimateBytes(meta) : 0);
			if (size > mostBytes) return;
			for (const oldest of copies.keys()) {
				if (bytes + size <= mostBytes) break;
				drop(oldest);
			}
			bytes += size;
			copies.set(seq, {
				time: segment.time[row] as number,
				topic: segment.topic[row] as number,
				flags: segment.flags[row] as number,
				payload: payload.toString('latin1'),
				meta,
				size,
			});
		},
		find(seq) {
			const copy = copies.get(seq);
			if (!copy || copy.topic === inlineTarget) return undefined;
			const segment = openSegment(seq, 1, copy.payload.length);
			segment.time[0] = copy.time;
			segment.topic[0] = copy.topic;
			segment.flags[0] = copy.flags;
			segment.length[0] = segment.used = segment.bytes.write(copy.payload, 'latin1');
			segment.rows = 1;
			if (copy.meta) segment.meta = [copy.meta];
			return segment;
		},
		drop,
		clear() {
			copies.clear();
			bytes = 0;
		},
	};
}
