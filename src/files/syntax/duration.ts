const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
/** The longest time that a timer can wait, in milliseconds: 24.8 days. */
export const longest = 2 ** 31 - 1;

/** `ms` in milliseconds. */
export type Duration = { ms: number } | { problem: string; bare?: number };

/** "500ms", "5s", "1.5 m". A number alone is refused: other tools take it for seconds, or for milliseconds. */
export function parseDuration(text: string): Duration {
	const [, number, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
	if (number === undefined) return { problem: `"${text.trim()}" is not a time such as 500ms, 5s or 2m.` };
	const factor = units[unit.toLowerCase()];
	if (unit === '') return { problem: `"${number}" needs a unit: ${number}s or ${number}ms.`, bare: Number(number) };
	if (factor === undefined) return { problem: `"${unit}" is not a unit of time: ms, s, m and h are.` };
	const ms = Number(number) * factor;
	return ms > longest ? { problem: `${text.trim()} is too long: 24 days are the most.` } : { ms };
}
