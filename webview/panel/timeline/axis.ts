import { clock, dateAndClock } from '../../base/words';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Distances between ticks that people count in. Milliseconds. */
const distances: readonly number[] = [
	...[10, 20, 50, 100, 200, 500],
	...[1, 2, 5, 10, 15, 30].map((count) => count * second),
	...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
	...[1, 2, 3, 6, 12].map((count) => count * hour),
	...[1, 2, 7, 14, 30, 90, 365, 3650].map((count) => count * day),
];

export interface Tick {
	time: number;
	label: string;
}

/** Ticks at round local times, at most `count` of them. Times in milliseconds since the epoch. */
export function ticks(from: number, to: number, count: number): Tick[] {
	const distance = distances.find((one) => (to - from) / one <= count);
	if (distance === undefined || count < 1) return [];
	// The offset at the start: a change to daylight saving time within the range moves the ticks by an hour at most.
	const shift = new Date(from).getTimezoneOffset() * minute;
	const found: Tick[] = [];
	for (let time = Math.ceil((from - shift) / distance) * distance + shift; time < to; time += distance)
		found.push({ time, label: tickLabel(time, distance) });
	return found;
}

function tickLabel(time: number, distance: number): string {
	if (distance >= day) return dateAndClock(time).slice(5, 10);
	if (distance >= minute) return clock(time).slice(0, 5);
	return distance >= second ? clock(time).slice(0, 8) : clock(time);
}

/** "18:32:10 – 18:32:40", with milliseconds where they are not zero and with dates where the days differ or are not today. */
export function rangeText(from: number, to: number): string {
	const isWhole = from % second === 0 && to % second === 0;
	const dayOf = (time: number) => dateAndClock(time).slice(0, 10);
	const isToday = dayOf(from) === dayOf(to) && dayOf(from) === dayOf(Date.now());
	const text = (time: number) => {
		const full = isToday ? clock(time) : dateAndClock(time).slice(5);
		return isWhole ? full.slice(0, -4) : full;
	};
	return `${text(from)} – ${text(to)}`;
}
