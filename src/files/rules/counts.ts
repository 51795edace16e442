import type { Clock } from '../run/connection';

/** Seconds over which a rate is counted. */
const seconds = 5;

/** Counts events, and how many there are per second. */
export interface Rate {
	add(): void;
	/** Events per second over the last few whole seconds; since the start, if that is shorter. */
	perSecond(): number;
}

export function createRate(clock: Pick<Clock, 'now'>): Rate {
	const began = clock.now();
	const counts = new Array<number>(seconds + 1).fill(0);
	let current = 0;
	/** Moves to the present second, and clears those that have passed without an event. */
	function advance(): void {
		const now = Math.floor((clock.now() - began) / 1000);
		const steps = Math.min(now - current, counts.length);
		for (let step = 1; step <= steps; step++) counts[(current + step) % counts.length] = 0;
		current = now;
	}
	return {
		add() {
			advance();
			const slot = current % counts.length;
			counts[slot] = (counts[slot] ?? 0) + 1;
		},
		perSecond() {
			advance();
			const elapsed = (clock.now() - began) / 1000;
			const sum = counts.reduce((total, count) => total + count, 0);
			return sum / Math.max(1, Math.min(elapsed, seconds + (elapsed % 1)));
		},
	};
}

/** Interval between reports of changed counts, in milliseconds. */
const reportEvery = 100;

/** Calls `action` soon, however often it is requested, but at most once per interval. */
export function createReport(clock: Clock, action: () => void): () => void {
	let scheduled = false;
	return () => {
		if (scheduled) return;
		scheduled = true;
		clock.after(reportEvery, () => {
			scheduled = false;
			action();
		});
	};
}
