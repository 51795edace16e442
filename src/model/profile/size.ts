/** A size such as "500 MB" or "2 GB", from 10 MB to 999 GB. */
export const sizePattern = '(?:[1-9]\\d{1,3} ?MB|[1-9]\\d{0,2} ?GB)';

const bytesOf: Record<string, number> = { MB: 1_000_000, GB: 1_000_000_000 };

/** Bytes of a size; undefined for another text. */
export function parseSize(text: unknown): number | undefined {
	const [, number, unit] = /^(\d+) ?([MG]B)$/.exec(typeof text === 'string' ? text.trim() : '') ?? [];
	const bytes = Number(number) * (bytesOf[unit ?? ''] ?? Number.NaN);
	return new RegExp(`^${sizePattern}$`).test(String(text).trim()) ? bytes : undefined;
}
