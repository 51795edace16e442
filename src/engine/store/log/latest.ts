import { estimateBytes } from './estimate';
import { inlineTarget, metaOf, openSegment, payloadOf, type Segment } from './segment';

/**
 * The latest message of a topic whose segment was evicted. The payload is a Latin-1 string, which takes less memory
 * than a buffer.
 */
interface Copy {
	time: number;
	topic: number;
	flags: number;
	payload: string;
	/** Property bytes are kept as Latin-1, too. */
	meta?: object | string;
	/** Bytes that it is charged with. */
	size: number;
}

export interface Latest {
	/** Bytes of payloads and properties. */
	readonly bytes: number;
	/**
	 * Copies rows of a segment before its eviction: the newest ones that fit, because older ones would be dropped
	 * immediately.
	 */
	keep(segment: Segment, isLatest: (row: number) => boolean): void;
	/** Returns the copy as a segment of one row. */
	find(seq: number): Segment | undefined;
	drop(seq: number): void;
	clear(): void;
}

/** Approximate bytes of a copy beyond its payload and properties: object, time, string header and map entry. */
const overhead = 160;

/** Copies of topics' latest messages. Beyond `maxBytes` the oldest copies are dropped. */
export function createLatest(maxBytes: number): Latest {
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
				if (size > maxBytes) continue;
				if (total + size > maxBytes) break;
				total += size;
				chosen.push(row);
			}
			for (const oldest of copies.keys()) {
				if (bytes + total <= maxBytes) break;
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
