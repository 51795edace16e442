import type { ChartField, Series } from '../../model/contracts/message';

/**
 * Numbers as CSV (RFC 4180): a line for each message, oldest first, with its time and a column for each field. Fields of
 * the same message share a line. Numbers have the digits of their payload.
 */
export function chartCsv(fields: readonly ChartField[], all: readonly Series[]): string {
	const lines = new Map<number, { time: number; cells: string[] }>();
	all.forEach(({ seqs, times, digits = [] }, column) => {
		seqs.forEach((seq, at) => {
			const line = lines.get(seq) ?? { time: times[at] as number, cells: fields.map(() => '') };
			line.cells[column] = digits[at] ?? '';
			lines.set(seq, line);
		});
	});
	const isOneTarget = new Set(fields.map(({ target, way }) => `${way} ${target}`)).size === 1;
	const names = fields.map((field) => columnName(field, isOneTarget));
	const rows = [...lines]
		.sort(([one], [other]) => one - other)
		.map(([, { time, cells }]) => [new Date(time).toISOString(), ...cells]);
	return `${[['time', ...names.map(headerCell)], ...rows].map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

function columnName({ target, way, path }: ChartField, isOneTarget: boolean): string {
	const name = path === '' ? 'payload' : path;
	return isOneTarget ? name : `${target} ${name}${way === 'out' ? ' (sent)' : ''}`;
}

/** A name in quotes. Spreadsheets take a text that starts with one of these characters for a formula, so it gets an apostrophe. */
function headerCell(name: string): string {
	const text = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
	return `"${text.replaceAll('"', '""')}"`;
}
