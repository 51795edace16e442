import { estimateBytes } from './estimate';
import { inlineTarget, metaOf, openSegment, payloadOf, type Segment } from './segment';

/** The latest message of a topic after the log has forgotten its segment. The payload is kept as Latin-1: no object. */
interface Copy {
	time: number;
	topic: number;
	flags: number;
	payload: string;
	/** Bytes are kept as Latin-1, too. */
	meta?: object | string;
	/** What it counts for. */
	size: number;
}

export interface Latest {
	/** Of payload and meta. */
	readonly bytes: number;
	/** Copies the rows of a segment that is being forgotten, the newest that fit: older ones would be forgotten at once. */
	keep(segment: Segment, isLatest: (row: number) => boolean): void;
	/** As a segment of one row. */
	find(seq: number): Segment | undefined;
	drop(seq: number): void;
	clear(): void;
}

/** Bytes of a copy beyond its payload and meta, about: the object, its time, the head of its string and its entry. */
const overhead = 160;

/** Copies of the messages that are the latest of their topic. Beyond `mostBytes` the oldest copies go. */
export function createLatest(mostBytes: number): Latest {
	const sizeOf = (segment: Segment, row: number) => {
		const meta = metaOf(segment, row);
		const metaBytes = meta instanceof Uint8Array ? meta.length : meta ? estimateBytes(meta) : 0;
		return overhead + (segment.length[row] as number) + metaBytes;
	};
	const kept = (meta: object | undefined) => (meta instanceof Buffer ? meta.toString('latin1') : meta);
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
		keep(segment, isLatest) {
			const chosen: number[] = [];
			let total = 0;
			for (let row = segment.rows - 1; row >= 0; row--) {
				if (!isLatest(row)) continue;
				const size = sizeOf(segment, row);
				if (size > mostBytes) continue;
				if (total + size > mostBytes) break;
				total += size;
				chosen.push(row);
			}
			for (const oldest of copies.keys()) {
				if (bytes + total <= mostBytes) break;
				drop(oldest);
			}
			for (const row of chosen.reverse())
				copies.set(segment.first + row, {
					time: segment.time[row] as number,
					topic: segment.topic[row] as number,
					flags: segment.flags[row] as number,
					payload: payloadOf(segment, row).toString('latin1'),
					meta: kept(metaOf(segment, row)),
					size: sizeOf(segment, row),
				});
			bytes += total;
		},
		find(seq) {
			const copy = copies.get(seq);
			if (!copy || copy.topic === inlineTarget) return undefined;
			const meta = typeof copy.meta === 'string' ? copy.meta : '';
			const segment = openSegment(seq, 1, copy.payload.length + meta.length);
			segment.time[0] = copy.time;
			segment.topic[0] = copy.topic;
			segment.flags[0] = copy.flags;
			segment.length[0] = segment.used = segment.bytes.write(copy.payload, 'latin1');
			segment.rows = 1;
			if (meta !== '') {
				segment.metaLength = Uint32Array.of(segment.bytes.write(meta, segment.used, 'latin1'));
				segment.used += meta.length;
			} else if (typeof copy.meta === 'object') segment.meta = [copy.meta];
			return segment;
		},
		drop,
		clear() {
			copies.clear();
			bytes = 0;
		},
	};
}
