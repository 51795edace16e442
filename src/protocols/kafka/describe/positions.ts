/** Where reading begins in each partition. Times in milliseconds since the epoch. */
export type Start =
	| { kind: 'newest'; count: bigint }
	| { kind: 'earliest' }
	| { kind: 'latest' }
	| { kind: 'offset'; offset: bigint }
	| { kind: 'time'; time: number };

/** Where it ends. `end`: what each partition has when the reading begins. */
export type End =
	| { kind: 'none' }
	| { kind: 'end' }
	| { kind: 'offset'; offset: bigint }
	| { kind: 'time'; time: number };

export const startHelp =
	'-100 for the newest 100 messages of each partition, earliest, latest, an offset such as 1042, a time such as 2026-01-31T12:00:00Z, or an age such as 1h.';
export const endHelp =
	'Empty to go on with new messages, end for what is there now, an offset (not included), a time, or an age.';

const maxOffset = 2n ** 63n - 1n;

/** Undefined if the text is none. `now` in milliseconds. */
export function readStart(text: string, now: number): Start | undefined {
	const word = text.trim().toLowerCase();
	if (word === 'earliest' || word === 'beginning') return { kind: 'earliest' };
	if (word === 'latest' || word === 'tail') return { kind: 'latest' };
	const newest = /^-(\d{1,18})$/.exec(word)?.[1];
	if (newest !== undefined) return { kind: 'newest', count: BigInt(newest) };
	return offsetOrTime(word, now);
}

/** Undefined if the text is none. `now` in milliseconds. */
export function readEnd(text: string, now: number): End | undefined {
	const word = text.trim().toLowerCase();
	if (word === '') return { kind: 'none' };
	if (word === 'end' || word === 'latest') return { kind: 'end' };
	return offsetOrTime(word, now);
}

function offsetOrTime(
	word: string,
	now: number,
): { kind: 'offset'; offset: bigint } | { kind: 'time'; time: number } | undefined {
	if (/^\d{1,19}$/.test(word)) {
		const offset = BigInt(word);
		return offset <= maxOffset ? { kind: 'offset', offset } : undefined;
	}
	const [, count, unit] = /^(\d{1,9})\s*(ms|s|m|h|d)$/.exec(word) ?? [];
	if (count !== undefined && unit !== undefined)
		return { kind: 'time', time: now - Number(count) * (units[unit] ?? 0) };
	if (!/^\d{4}-\d{2}-\d{2}/.test(word)) return undefined;
	const time = Date.parse(word.toUpperCase().replace(' ', 'T'));
	return Number.isFinite(time) ? { kind: 'time', time } : undefined;
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Largest number of a partition. */
const maxPartition = 2 ** 31 - 1;
/** Partitions that a list may name. */
const maxListed = 10_000;

/** Reads "0, 2-4"; undefined if it is no such list. The empty list means all. */
export function readPartitions(text: string): number[] | undefined {
	const list = new Set<number>();
	for (const part of text.split(',').map((one) => one.trim())) {
		if (part === '') continue;
		const [, first, last = first] = /^(\d{1,10})(?:\s*-\s*(\d{1,10}))?$/.exec(part) ?? [];
		if (first === undefined) return undefined;
		const [from, to] = [Number(first), Number(last)];
		if (from > to || to > maxPartition || to - from + list.size >= maxListed) return undefined;
		for (let one = from; one <= to; one++) list.add(one);
	}
	return [...list].sort((a, b) => a - b);
}
