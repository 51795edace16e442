import type { Property } from '../../../model/contracts/session';
import { peerText } from '../../shared/peer-text';

export const shown = (name: string): string => peerText(name, { most: 255 });

/** Grouped by thousands, exact for offsets of 64 bits. */
export const n = (value: number | bigint): string => value.toLocaleString('en-US');

export const counted = (value: number | bigint, one: string, many = `${one}s`): string =>
	`${n(value)} ${Number(value) === 1 ? one : many}`;

export function bytes(value: bigint): string {
	const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
	let size = Number(value);
	let unit = 0;
	for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
	return unit === 0 ? `${n(value)} bytes` : `${size.toFixed(1)} ${units[unit]} (${n(value)} bytes)`;
}

/** Without those that are not known. */
export function properties(...pairs: [label: string, value: string | undefined][]): Property[] {
	return pairs.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }]));
}

export const joined = (...parts: (string | undefined | false)[]): string => parts.filter((part) => part).join(' · ');
