const units: Record<string, number> = { s: 1, min: 60, m: 60, h: 3600 };

/** Messages per second, of all clients of a simulation together. */
export const maxRate = 100_000;

export type Rate = { perSecond: number } | { problem: string; bare?: string };

/** Reads "500/s", "30/min" or "10/h". */
export function parseRate(text: string): Rate {
	const [, number, slash, unit = ''] = /^(\d{1,9}(?:\.\d{1,6})?)\s*(?:(\/)\s*([a-z]+))?$/i.exec(text.trim()) ?? [];
	if (number === undefined) return { problem: `"${text.trim()}" is not a rate such as 500/s or 30/min.` };
	if (!slash) return { problem: `"${number}" needs a unit, such as ${number}/s or ${number}/min.`, bare: number };
	const seconds = units[unit.toLowerCase()];
	if (seconds === undefined) return { problem: `"${unit}" is not a unit of a rate. Use s, min or h.` };
	const perSecond = Number(number) / seconds;
	if (perSecond < 1 / 3600) return { problem: `${text.trim()} is too little. The minimum is 1/h.` };
	if (perSecond > maxRate)
		return {
			problem: `${text.trim()} is too much. The maximum is ${maxRate.toLocaleString('en')} messages per second.`,
		};
	return { perSecond };
}
