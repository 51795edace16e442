import type { Timeline } from '../../../src/model/contracts/message';

/** Outlines of the bars as SVG path data, one for each kind of message. */
export interface Bars {
	received: string;
	sent: string;
	failed: string;
	/** A triangle above each interval with marked messages. */
	marked: string;
}

/** Pixels. Few messages beside many must not disappear. */
const minHeight = 1.5;
const gap = 1;

/** The most messages in one interval. */
export const peakOf = ({ received, sent, failed }: Timeline): number =>
	received.reduce((peak, count, at) => Math.max(peak, count + (sent[at] ?? 0) + (failed[at] ?? 0)), 0);

/** The timeline with at least this many intervals: empty ones come first, so that a short log has no wide bars. */
export function padded(timeline: Timeline, count: number): Timeline {
	const missing = count - timeline.received.length;
	if (missing <= 0 || timeline.received.length === 0) return timeline;
	const zeros = new Array<number>(missing).fill(0);
	const { received, sent, failed, marked, from, step } = timeline;
	return {
		...timeline,
		from: from - missing * step,
		received: [...zeros, ...received],
		sent: [...zeros, ...sent],
		failed: [...zeros, ...failed],
		...(marked && { marked: [...zeros, ...marked] }),
	};
}

/** Bars of stacked counts in an area of this size in pixels: received at the bottom, failures on top. */
export function barsOf(timeline: Timeline, width: number, height: number): Bars {
	const peak = peakOf(timeline);
	const paths: Record<keyof Bars, string[]> = { received: [], sent: [], failed: [], marked: [] };
	const step = width / Math.max(1, timeline.received.length);
	for (let at = 0; at < timeline.received.length; at++) {
		const left = Math.round(at * step);
		const right = Math.round((at + 1) * step);
		const bar = right - left > 2 * gap ? right - left - gap : right - left;
		if (timeline.marked?.[at]) paths.marked.push(triangle((left + right) / 2));
		let bottom = height;
		for (const kind of ['received', 'sent', 'failed'] as const) {
			const count = timeline[kind][at] ?? 0;
			if (count <= 0) continue;
			const tall = Math.max(minHeight, (count / peak) * height);
			const top = Math.max(0, bottom - tall);
			paths[kind].push(`M${left} ${top.toFixed(1)}h${bar}V${bottom.toFixed(1)}h${-bar}z`);
			bottom = Math.max(minHeight, top);
		}
	}
	const { received, sent, failed, marked } = paths;
	return { received: received.join(''), sent: sent.join(''), failed: failed.join(''), marked: marked.join('') };
}

/** Half the width and the height of a triangle that points down from the top, in pixels. */
const [half, tall] = [3.5, 5];

const triangle = (middle: number) => `M${middle - half} 0h${2 * half}L${middle} ${tall}z`;
