import { clock } from '../../src/base/clock';

/** The one format of times: 24 hours, local time. */
export { clock };

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** With the first letter in upper case. */
export const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export const number = (value: number) => whole.format(value);

/** A count like "1 message" or "2,000 messages". */
export const count = (value: number, singular: string, plural: string) =>
	`${number(value)} ${value === 1 ? singular : plural}`;

/** A size like "56 B", "1.2 KB", "10 MB", in multiples of 1024 as in the editor. */
export function bytes(value: number): string {
	if (value < 1024) return `${value} B`;
	if (value < 1024 ** 2) return `${one.format(value / 1024)} KB`;
	if (value < 1024 ** 3) return `${one.format(value / 1024 ** 2)} MB`;
	return `${one.format(value / 1024 ** 3)} GB`;
}

/** A rate like "0.4/s" or "1,200/s"; the empty string for no traffic. */
export function rate(value: number): string {
	if (value <= 0) return '';
	return `${value < 10 ? one.format(Math.max(value, 0.1)) : whole.format(value)}/s`;
}

/** A number on an axis with the given step, with enough decimals to differ from its neighbors (a step may be 2.5). */
export function tick(value: number, step: number): string {
	const decimals = Math.min(12, Math.max(0, 1 + Math.ceil(-Math.log10(step) - 1e-9)));
	return value.toLocaleString('en', { maximumFractionDigits: decimals });
}

export function dateAndClock(time: number): string {
	const date = new Date(time);
	const two = (value: number) => String(value).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(time)}`;
}

/** A time as `clock` of the same day as `reference`, else as "11-28 14:03". */
export function momentOf(time: number, reference: number): string {
	const text = dateAndClock(time);
	return text.slice(0, 10) === dateAndClock(reference).slice(0, 10) ? text.slice(11) : text.slice(5, 16);
}

/** A duration like "3 ms", "1.2 s", "4.5 min". */
export function duration(ms: number): string {
	if (ms < 1000) return `${Math.round(ms)} ms`;
	return ms < 60_000 ? `${one.format(ms / 1000)} s` : `${one.format(ms / 60_000)} min`;
}

/** Elapsed time like "0:07", "12:34", "1:02:03". */
export function stopwatch(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	const two = (value: number) => String(value).padStart(2, '0');
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The time since `time` in one unit: "now", "12 s", "3 min", "2 h", "5 d". */
export function age(time: number, now: number): string {
	const seconds = Math.max(0, Math.floor((now - time) / 1000));
	if (seconds < 1) return 'now';
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
	if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
	return `${Math.floor(seconds / 86_400)} d`;
}

const controls = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A text from outside on one line. Control characters and direction marks are made visible, so that a name cannot
 * look like another one.
 */
export function visible(name: string): string {
	return name.replace(controls, (character) => {
		const code = character.charCodeAt(0);
		if (code < 0x20) return String.fromCharCode(0x2400 + code);
		if (code === 0x7f) return '\u2421';
		return `\u27e8${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
	});
}
