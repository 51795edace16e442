const iso = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\s?(Z|z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads a date with a time in ISO 8601, or seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by
 * their size. A date without a time zone is in UTC. Returns milliseconds since the epoch; undefined if it is no time.
 */
export function toTime(text: string): number | undefined {
	const match = iso.exec(text);
	if (match) {
		const plain = text.replace(',', '.').replace(' ', 'T').replace(/\s/g, '').toUpperCase();
		const time = Date.parse(match[1] === undefined ? `${plain}Z` : plain);
		return Number.isNaN(time) ? undefined : time;
	}
	if (!/^\d{1,19}(?:\.\d{1,9})?$/.test(text)) return undefined;
	const value = Number(text);
	// 100,000,000,000 seconds are the year 5138, and as many milliseconds are March 1973.
	if (value < 1e11) return value * 1000;
	if (value < 1e14) return value;
	return value < 1e17 ? value / 1000 : value / 1e6;
}

const units: readonly [ms: number, name: string][] = [
	[86_400_000, 'd'],
	[3_600_000, 'h'],
	[60_000, 'min'],
	[1000, 's'],
];

/** A duration in one unit: "350 ms", "12 s", "3 min", "2 h", "5 d". */
export function durationText(ms: number): string {
	const [size, name] = units.find(([size]) => ms >= size) ?? [1, 'ms'];
	return `${Math.round(ms / size).toLocaleString('en')} ${name}`;
}
