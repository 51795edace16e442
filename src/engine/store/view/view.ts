import type { Log } from '../log/log';
import type { Matcher } from '../match/matcher';
import { createPositions, type Positions } from './positions';

/** Maximum time that a search blocks the event loop, in milliseconds. Messages are received between two slices. */
const sliceMs = 8;
/** Rows matched between two looks at the clock, and number of matches that fill a first page. */
const rowsPerStep = 8192;
const firstPage = 100;

/**
 * Messages that match a filter. The log is searched backwards from the newest; new messages are tested on `refresh`.
 */
export interface View {
	low(): number;
	high(): number;
	/** Sequence number at a position from `low` to `high`. */
	at(position: number): number;
	/** Part of the log that has been searched, 0 to 1. */
	searched(): number;
	/** Tests new messages for one slice at most; the rest continues in the background. */
	refresh(): void;
	stop(): void;
}

/** All messages: positions are sequence numbers and nothing is searched. */
export function createPlainView(log: Log): View {
	return {
		low: () => log.first,
		high: () => log.next,
		at: (position) => position,
		searched: () => 1,
		refresh() {},
		stop() {},
	};
}

export function createSearchView(log: Log, matcher: Matcher): View {
	const anchor = log.next;
	const found: Positions = createPositions(anchor);
	/** Sequence numbers between `oldest` and `newest`, exclusively, have been tested. */
	let oldest = anchor;
	let newest = anchor;
	let timer: ReturnType<typeof setImmediate> | undefined;
	let stopped = false;
	const rows = new Uint32Array(rowsPerStep);

	function forget(): void {
		if (newest < log.first) newest = log.first;
		if (oldest < log.first) oldest = log.first;
		found.forget(log.first);
	}

	const isDone = (): boolean => oldest <= log.first && newest >= log.next;

	const reach: NonNullable<Matcher['reach']> =
		matcher.reach?.bind(matcher) ?? ((_segment, from, to) => Math.max(0, to - from));

	/** Tests some rows, new ones first. */
	function step(): void {
		const isForward = newest < log.next;
		const segment = log.find(isForward ? newest : oldest - 1);
		if (!segment) return;
		if (isForward) {
			const from = newest - segment.first;
			const most = Math.min(segment.rows, from + rowsPerStep);
			const to = from + reach(segment, from, most, false);
			found.addNewer(segment.first, rows, matcher.match(segment, from, to, rows));
			newest = segment.first + to;
		} else {
			const to = oldest - segment.first;
			const least = Math.max(0, to - rowsPerStep);
			const from = to - reach(segment, least, to, true);
			found.addOlder(segment.first, rows, matcher.match(segment, from, to, rows));
			oldest = segment.first + from;
		}
	}

	function slice(enough: number): void {
		const end = performance.now() + sliceMs;
		forget();
		// At least one step, so that the search makes progress on a busy machine.
		for (let more = !isDone(); more; more = !isDone() && found.high - found.low < enough && performance.now() < end)
			step();
		if (!stopped && !timer && !isDone()) timer = setImmediate(inBackground);
	}

	function inBackground(): void {
		timer = undefined;
		// New messages are only matched when the page asks, so that a flood is not searched while no one is looking.
		if (!stopped && oldest > log.first) slice(Number.POSITIVE_INFINITY);
	}

	slice(firstPage);
	return {
		low: () => found.low,
		high: () => found.high,
		at: found.at,
		searched() {
			const kept = log.next - log.first;
			return kept === 0 ? 1 : Math.max(0, newest - Math.max(oldest, log.first)) / kept;
		},
		refresh: () => slice(Number.POSITIVE_INFINITY),
		stop() {
			stopped = true;
			if (timer) clearImmediate(timer);
		},
	};
}
