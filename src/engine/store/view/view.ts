import type { Log } from '../log/log';
import type { Matcher } from '../match/contract';
import { createPositions, type Positions } from './positions';

/** Maximum time that a search blocks the event loop, in milliseconds. Messages are received between two slices. */
const sliceMs = 8;
/** Rows matched between two looks at the clock, and number of matches that fill a first page. */
const rowsPerStep = 8192;
const firstPage = 100;

/** Messages that match a filter. New messages are tested on `refresh`. */
export interface View {
	low(): number;
	high(): number;
	/** Sequence number at a position from `low` to `high`. */
	at(position: number): number;
	/** The first position whose sequence number is at least this one; `high` if there is none. */
	position(seq: number): number;
	/** Part of the log that has been searched, 0 to 1. */
	searched(): number;
	/** Why the search has ended early, in a sentence. */
	problem(): string | undefined;
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
		position: (seq) => Math.min(Math.max(seq, log.first), log.next),
		searched: () => 1,
		problem: () => undefined,
		refresh() {},
		stop() {},
	};
}

/** Searches the log backwards from the newest message, or from `near` in both directions. */
export function createSearchView(log: Log, matcher: Matcher, near = log.next): View {
	const anchor = Math.min(Math.max(near, log.first), log.next);
	/** Messages from here on arrived after the start of the search. */
	const start = log.next;
	let wasForward = false;
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

	const isDone = (): boolean => matcher.problem !== undefined || (oldest <= log.first && newest >= log.next);

	/** Tests some rows: new ones first, the others alternately after and before the start of the search. */
	function step(): void {
		const isForward = newest < log.next && (newest >= start || oldest <= log.first || !wasForward);
		wasForward = isForward;
		const segment = log.find(isForward ? newest : oldest - 1);
		if (!segment) return;
		if (isForward) {
			const from = newest - segment.first;
			const to = Math.min(segment.rows, from + rowsPerStep);
			found.addNewer(segment.first, rows, matcher.match(segment, from, to, rows, false));
			newest = segment.first + to - matcher.rest;
		} else {
			const to = oldest - segment.first;
			const from = Math.max(0, to - rowsPerStep);
			found.addOlder(segment.first, rows, matcher.match(segment, from, to, rows, true));
			oldest = segment.first + from + matcher.rest;
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
		if (!stopped && (oldest > log.first || newest < start)) slice(Number.POSITIVE_INFINITY);
	}

	slice(firstPage);
	return {
		low: () => found.low,
		high: () => found.high,
		at: found.at,
		position(seq) {
			let [from, to] = [found.low, found.high];
			while (from < to) {
				const middle = Math.floor((from + to) / 2);
				if (found.at(middle) < seq) from = middle + 1;
				else to = middle;
			}
			return from;
		},
		problem: () => matcher.problem,
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
