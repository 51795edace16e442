const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
/** The longest time that a timer can wait, in milliseconds: 24.8 days. */
export const maxDuration = 2 ** 31 - 1;

/** `ms` in milliseconds. */
export type Duration = { ms: number } | { problem: string; bare?: number };

/** Reads "500ms", "5s" or "1.5 m". A bare number is refused: some tools read it as seconds, others as milliseconds. */
export function parseDuration(text: string): Duration {
	const [, number, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
	if (number === undefined) return { problem: `"${text.trim()}" is not a duration such as 500ms, 5s or 2m.` };
	const factor = units[unit.toLowerCase()];
	if (unit === '')
		return { problem: `"${number}" needs a unit, such as ${number}s or ${number}ms.`, bare: Number(number) };
	if (factor === undefined) return { problem: `"${unit}" is not a unit of time. Use ms, s, m or h.` };
	const ms = Number(number) * factor;
	return ms > maxDuration ? { problem: `${text.trim()} is too long. The maximum is 24 days.` } : { ms };
}
