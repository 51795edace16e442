import { fail } from '../../base/failure';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];
const two = (number: number) => String(number).padStart(2, '0');

/** The letters of Day.js, which REST Client and httpYac take; `[…]` is text. */
const parts: Record<string, (date: Date) => string> = {
	YYYY: (date) => String(date.getUTCFullYear()).padStart(4, '0'),
	YY: (date) => two(date.getUTCFullYear() % 100),
	MMMM: (date) => months[date.getUTCMonth()] ?? '',
	MMM: (date) => (months[date.getUTCMonth()] ?? '').slice(0, 3),
	MM: (date) => two(date.getUTCMonth() + 1),
	M: (date) => String(date.getUTCMonth() + 1),
	DD: (date) => two(date.getUTCDate()),
	D: (date) => String(date.getUTCDate()),
	dddd: (date) => days[date.getUTCDay()] ?? '',
	ddd: (date) => (days[date.getUTCDay()] ?? '').slice(0, 3),
	HH: (date) => two(date.getUTCHours()),
	H: (date) => String(date.getUTCHours()),
	hh: (date) => two(((date.getUTCHours() + 11) % 12) + 1),
	h: (date) => String(((date.getUTCHours() + 11) % 12) + 1),
	mm: (date) => two(date.getUTCMinutes()),
	m: (date) => String(date.getUTCMinutes()),
	ss: (date) => two(date.getUTCSeconds()),
	s: (date) => String(date.getUTCSeconds()),
	SSS: (date) => String(date.getUTCMilliseconds()).padStart(3, '0'),
	A: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
	a: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
	ZZ: () => '+0000',
	Z: () => '+00:00',
	X: (date) => String(Math.floor(date.getTime() / 1000)),
	x: (date) => String(date.getTime()),
};
const piece = /\[([^\]]*)\]|YYYY|YY|M{1,4}|DD?|dddd?|HH?|hh?|mm?|ss?|SSS|A|a|ZZ?|X|x/g;

/** `ms` since the epoch in UTC, as "iso8601", "rfc1123", or in the letters of Day.js. */
export function formatDate(ms: number, format: string): string {
	const date = new Date(ms);
	if (Number.isNaN(date.getTime())) throw fail('bad-variable', 'The time is out of range.');
	if (format === 'iso8601') return date.toISOString();
	if (format === 'rfc1123') return date.toUTCString();
	if (!/[YMDdHhmsSAaZXx]/.test(format)) throw fail('bad-variable', `"${format}" is not a format of times.`);
	return format.replace(piece, (found, text?: string) => text ?? parts[found]?.(date) ?? found);
}
