import { stepFor } from '../../../src/engine/store/timeline/steps';
import { flag, type Timeline } from '../../../src/model/contracts/message';
import type { Store } from './store';

/** Rows of a large store that are counted; the rest is like them. */
const maxCounted = 20_000;

/** Counts as the engine does, from a sample of a large store. */
export function timelineOf(store: Store, intervals: number): Timeline {
	const timeline: Timeline = { from: 0, step: 1000, received: [], sent: [], failed: [], counted: 1 };
	if (store.next === store.first) return timeline;
	const ends = [store.row(store.first).time, store.row(store.next - 1).time];
	const [first, last] = [Math.min(...ends), Math.max(...ends)];
	const step = stepFor(first, last, intervals);
	const start = Math.floor(first / step);
	const counts = () => new Array<number>(Math.floor(last / step) - start + 1).fill(0);
	const [received, sent, failed, marked] = [counts(), counts(), counts(), counts()];
	const stride = Math.max(1, Math.floor((store.next - store.first) / maxCounted));
	for (let seq = store.first; seq < store.next; seq += stride) {
		const { time, flags, receipt, checkMarks } = store.row(seq);
		const isBad = (flags & flag.bad) !== 0 || receipt?.proof === 'refused' || receipt?.proof === 'unrouted';
		if (flags & flag.note && !isBad) continue;
		const list = isBad ? failed : flags & flag.out ? sent : received;
		const at = Math.floor(time / step) - start;
		if (at >= 0 && at < list.length) list[at] = (list[at] ?? 0) + stride;
		if (checkMarks && at >= 0 && at < marked.length) marked[at] = (marked[at] ?? 0) + 1;
	}
	return { from: start * step, step, received, sent, failed, marked, counted: 1 };
}
