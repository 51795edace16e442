/** An integer. A bigint exactly if a double cannot hold it, so that equal values are identical. */
export type Integer = number | bigint;

const decimal = /^-?\d{1,40}$/;

/** Reads an integer in decimal notation or one that a double holds, such as "1e3". Undefined for everything else. */
export function toInteger(source: string): Integer | undefined {
	const short = source.length > 0 && source.length < 16 ? shortInteger(source) : -1;
	if (short >= 0) return short;
	if (decimal.test(source)) {
		const value = Number(source);
		// Minus zero is the same number.
		return Number.isSafeInteger(value) ? value + 0 : BigInt(source);
	}
	if (source.length > 40 || !/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(source)) return undefined;
	const value = Number(source);
	// Digits that a double has rounded away would make two numbers the same.
	return Number.isSafeInteger(value) && source.replace(/\D/g, '').length <= 15 ? value + 0 : undefined;
}

/** The usual number of digits without a sign; -1 for anything else. Hot path. */
function shortInteger(source: string): number {
	let value = 0;
	for (let at = 0; at < source.length; at++) {
		const digit = source.charCodeAt(at) - 0x30;
		if (digit < 0 || digit > 9) return -1;
		value = 10 * value + digit;
	}
	return value;
}

const normal = (value: bigint): Integer => {
	const number = Number(value);
	return Number.isSafeInteger(number) ? number : value;
};

const next = (value: Integer): Integer =>
	typeof value === 'number' && value < Number.MAX_SAFE_INTEGER ? value + 1 : normal(BigInt(value) + 1n);

/** Whether numbers between two that came one after the other are still missing. */
export const isMissing = (sequence: Sequence, after: Integer, value: Integer): boolean =>
	!sequence.has(next(after), minus(value, 1));

const minus = (a: Integer, b: Integer): Integer => {
	if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a - b)) return a - b;
	return normal(BigInt(a) - BigInt(b));
};

/** Numbers at which counters of usual sizes start over. */
const wraps: readonly Integer[] = [8, 16, 24, 31, 32, 53, 63, 64].map((bits) => normal(2n ** BigInt(bits)));

/** What a number says about its message. `after`: the highest number before it. */
export type Seen =
	| { kind: 'gap'; after: Integer; missing: Integer }
	| { kind: 'duplicate' }
	| { kind: 'reordered'; after: Integer }
	| { kind: 'restarted'; after: Integer };

/** A stream of numbers that count up by one. */
export interface Sequence {
	/**
	 * Judges the next number; undefined: it is the expected one, or the first. `digest`: of its message, to tell a counter
	 * that starts over from a message that came twice.
	 */
	see(value: Integer, digest?: number): Seen | undefined;
	/** Whether it is the expected number, which counts as received then. Otherwise nothing changes. */
	isNext(value: number): boolean;
	/** Forgets that a number was received, so that its message can be delivered again. */
	forget(value: Integer): void;
	/** Whether all numbers of this range were received, the ends included. */
	has(from: Integer, to: Integer): boolean;
}

/** Ranges of received numbers that are kept; of earlier ones it is not known any more whether they were received. */
const maxRanges = 128;
/** A counter that goes back to 0 or 1 by no more than this is a message that came late. */
const usualDelay = 8;
/** Distance of a number that is no late message any more, as MAX_MISORDER and MAX_DROPOUT of RFC 3550, appendix A.1. */
const maxMisorder = 1000;

interface Ranges {
	/** Ascending, without common or neighboring numbers. */
	list: [from: Integer, to: Integer][];
}

export function createSequence(): Sequence {
	let ranges: Ranges = { list: [] };
	/** The numbers before the counter wrapped. */
	let lap: Ranges | undefined;
	/** The number of values of a counter that has wrapped. */
	let size: Integer | undefined;
	/** Follows a number far behind: if it comes, the counter has started over (RFC 3550, appendix A.1). */
	let expectedAfterJump: Integer | undefined;
	/** Digests of the messages with the numbers 0 and 1. */
	let starts: (number | undefined)[] = [];

	const highest = (): Integer | undefined => ranges.list.at(-1)?.[1];

	function startOver(value: Integer, digest: number | undefined, before?: Ranges): void {
		lap = before;
		ranges = { list: [[value, value]] };
		expectedAfterJump = undefined;
		starts = [];
		remember(value, digest);
	}

	function remember(value: Integer, digest: number | undefined): void {
		if (value === 0 || value === 1) starts[value] = digest;
	}

	function ahead(value: Integer, top: Integer): Seen | undefined {
		const last = ranges.list.at(-1);
		if (value === next(top) && last) {
			last[1] = value;
			return undefined;
		}
		ranges.list.push([value, value]);
		if (ranges.list.length > maxRanges) ranges.list.shift();
		return { kind: 'gap', after: top, missing: minus(minus(value, top), 1) };
	}

	/** A number at or below the highest. */
	function behind(value: Integer, top: Integer, digest: number | undefined): Seen | undefined {
		if ((value === 0 || value === 1) && wraps.includes(next(top))) {
			size = next(top);
			startOver(value, digest, ranges);
			return undefined;
		}
		if (size !== undefined) {
			// Serial numbers (RFC 1982): the shorter way around says which one is later.
			const forward = BigInt(value) - BigInt(top) + BigInt(size);
			if (forward > 0n && forward * 2n < BigInt(size) && BigInt(top) * 2n > BigInt(size)) {
				startOver(value, digest, ranges);
				return forward === 1n ? undefined : { kind: 'gap', after: top, missing: normal(forward - 1n) };
			}
		}
		const distance = minus(top, value);
		const isStart = value === 0 || value === 1;
		if (covers(ranges, value, value)) {
			const known = isStart ? starts[value] : undefined;
			if (known === undefined || digest === undefined || known === digest) return { kind: 'duplicate' };
			startOver(value, digest);
			return { kind: 'restarted', after: top };
		}
		if ((isStart && distance > usualDelay) || value === expectedAfterJump) {
			startOver(value, digest);
			return { kind: 'restarted', after: top };
		}
		if (distance > maxMisorder) expectedAfterJump = next(value);
		insert(ranges, value);
		remember(value, digest);
		return { kind: 'reordered', after: top };
	}

	/** The usual case of a flood. */
	function isNext(value: Integer): boolean {
		const { list } = ranges;
		const last = list[list.length - 1];
		if (!last || typeof last[1] !== 'number' || value !== last[1] + 1 || value <= 1 || size !== undefined) return false;
		last[1] = value;
		return true;
	}

	return {
		isNext,
		see(value, digest) {
			if (isNext(value)) return undefined;
			const top = highest();
			if (top === undefined) {
				startOver(value, digest);
				return undefined;
			}
			if (value <= top) return behind(value, top, digest);
			if (size !== undefined && lap && BigInt(minus(value, top)) * 2n > BigInt(size)) {
				// A late message from before the counter wrapped.
				if (covers(lap, value, value)) return { kind: 'duplicate' };
				insert(lap, value);
				return { kind: 'reordered', after: top };
			}
			// A larger counter than it seemed.
			if (size !== undefined && value >= size) size = lap = undefined;
			remember(value, digest);
			return ahead(value, top);
		},
		forget(value) {
			remove(ranges, value);
		},
		has: (from, to) => covers(ranges, from, to) || (lap !== undefined && covers(lap, from, to)),
	};
}

/** The last range that starts at or below a value, from the end: late numbers are close to it. */
function rangeAt({ list }: Ranges, value: Integer): number {
	let at = list.length - 1;
	while (at >= 0 && (list[at] as [Integer, Integer])[0] > value) at--;
	return at;
}

function covers(ranges: Ranges, from: Integer, to: Integer): boolean {
	const range = ranges.list[rangeAt(ranges, from)];
	return range !== undefined && range[1] >= to;
}

/** Adds a number that is in no range. */
function insert(ranges: Ranges, value: Integer): void {
	const { list } = ranges;
	const at = rangeAt(ranges, value);
	const before = list[at];
	const after = list[at + 1];
	const joinsBefore = before !== undefined && next(before[1]) === value;
	const joinsAfter = after !== undefined && next(value) === after[0];
	if (joinsBefore && joinsAfter) {
		before[1] = after[1];
		list.splice(at + 1, 1);
	} else if (joinsBefore) before[1] = value;
	else if (joinsAfter) after[0] = value;
	else {
		list.splice(at + 1, 0, [value, value]);
		if (list.length > maxRanges) list.shift();
	}
}

function remove(ranges: Ranges, value: Integer): void {
	const { list } = ranges;
	const at = rangeAt(ranges, value);
	const range = list[at];
	if (!range || range[1] < value) return;
	const [from, to] = range;
	const rest: [Integer, Integer][] = [];
	if (from < value) rest.push([from, minus(value, 1)]);
	if (to > value) rest.push([next(value), to]);
	list.splice(at, 1, ...rest);
}
