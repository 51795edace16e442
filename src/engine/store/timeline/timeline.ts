import type { Timeline } from '../../../model/contracts/message';
import type { Log } from '../log/log';
import type { Segment } from '../log/segment';
import { stepFor } from './steps';
import { add, type Counts, type Summary, summarize } from './summary';

const maxIntervals = 1000;
/** Maximum time that one call spends on segments it has not seen before, in milliseconds. */
const maxMs = 4;

/** Returns the throughput of the whole log in at most `count` intervals. Costs nothing until it is asked for. */
export function createTimeline(log: Log): (count: number) => Timeline {
	const summaries = new WeakMap<Segment, Summary>();

	function summaryOf(segment: Segment): Summary {
		const cached = summaries.get(segment);
		if (cached && cached.first === segment.first && cached.rows === segment.rows) return cached;
		const summary = summarize(segment);
		summaries.set(segment, summary);
		return summary;
	}

	/** Summaries of as many segments as the time allows, the newest first. */
	function recent(segments: readonly Segment[]): [Segment, Summary][] {
		const found: [Segment, Summary][] = [];
		const end = performance.now() + maxMs;
		for (let at = segments.length - 1; at >= 0; at--) {
			const segment = segments[at] as Segment;
			found.push([segment, summaryOf(segment)]);
			if (performance.now() > end) break;
		}
		return found;
	}

	return (count) => {
		const segments = log.segments.filter(({ rows }) => rows > 0);
		const found = recent(segments);
		if (found.length === 0) return { from: 0, step: 1000, received: [], sent: [], failed: [], counted: 1 };
		let earliest = (segments[0] as Segment).time[0] as number;
		let latest = Number.NEGATIVE_INFINITY;
		for (const [, summary] of found) {
			earliest = Math.min(earliest, summary.earliest);
			latest = Math.max(latest, summary.latest);
		}
		const step = stepFor(earliest, latest, Math.max(1, Math.min(count, maxIntervals)));
		const start = Math.floor(earliest / step);
		const empty = () => new Array<number>(Math.floor(latest / step) - start + 1).fill(0);
		const counts: Counts = { start, step, received: empty(), sent: empty(), failed: empty(), marked: empty() };
		for (const [segment, summary] of found) add(counts, segment, summary);
		return {
			from: start * step,
			step,
			received: counts.received,
			sent: counts.sent,
			failed: counts.failed,
			...(counts.marked.some((count) => count > 0) && { marked: counts.marked }),
			counted: found.length / segments.length,
		};
	};
}
