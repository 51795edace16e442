import type { Property } from '../../../model/contracts/session';
import { counted, n, shown } from '../browse/words';

export { counted, n };

/** Rows of a table in a question, and properties of a result. */
const maxRows = 20;
const maxListed = 200;

export const messages = (count: number | bigint): string => counted(count, 'message');

/** A line for each row, with the number of those left out. */
export function table(rows: readonly string[]): string {
	if (rows.length <= maxRows) return rows.join('\n');
	return [...rows.slice(0, maxRows), `… and ${n(rows.length - maxRows)} more`].join('\n');
}

export const listed = (properties: readonly Property[]): Property[] => properties.slice(0, maxListed);

/** For sentences. */
export const groupInWords = (name: string): string => `consumer group "${shown(name)}"`;
