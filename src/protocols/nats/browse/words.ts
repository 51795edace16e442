import type { Property } from '../../../model/contracts/session';
import { peerText } from '../../shared/peer-text';

export const n = (value: number | bigint): string => value.toLocaleString('en');

export const counted = (count: number | bigint, one: string, many = `${one}s`): string =>
	`${n(count)} ${BigInt(count) === 1n ? one : many}`;

export const messages = (count: number | bigint): string => counted(count, 'message');

export const shown = (name: string): string => peerText(name, { most: 255 });

/** "1.2 MB", with powers of 1,000. */
export function size(bytes: bigint): string {
	const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
	let value = Number(bytes);
	let unit = 0;
	for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
	return unit === 0 ? counted(bytes, 'byte') : `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A duration in nanoseconds. */
export function duration(nanoseconds: bigint): string {
	const units: [bigint, string][] = [
		[86_400_000_000_000n, 'day'],
		[3_600_000_000_000n, 'hour'],
		[60_000_000_000n, 'minute'],
		[1_000_000_000n, 'second'],
		[1_000_000n, 'millisecond'],
	];
	const [unit, name] = units.find(([one]) => nanoseconds >= one && nanoseconds % one === 0n) ?? [1n, 'nanosecond'];
	return counted(nanoseconds / unit, name);
}

export const property = (label: string, value: string | undefined): Property[] =>
	value === undefined || value === '' ? [] : [{ label, value: peerText(value, { most: 1000 }) }];

/** A time of the server; that of nothing is the year 1. */
export const time = (text: string): string => (text.startsWith('0001-') ? '' : text);
