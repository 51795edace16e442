import type { ConnectionSpec } from '../files/run/connection';
import { shownName, shownUrl } from '../model/profile/shown-url';
import { parseDuration } from '../model/text/duration';
import { descriptions } from '../protocols/descriptions';
import { UsageError } from './commands/usage';

/** Values of options, as the user writes them. Each throws a UsageError. */

export function formatOf(format: string | undefined): 'json' | 'lines' | 'raw' {
	if (format === undefined || format === 'json' || format === 'lines' || format === 'raw') return format ?? 'json';
	throw new UsageError(`--format is json, lines or raw, not "${shownUrl(format)}".`);
}

/** Undefined: as fast as possible. */
export function speedOf(text = '1'): number | undefined {
	if (text === 'max') return undefined;
	const speed = Number(text);
	if (!(speed >= 0.1 && speed <= 100)) throw new UsageError('--speed is a number from 0.1 to 100, or max.');
	return speed;
}

export function directionsOf(text = 'in'): ('in' | 'out')[] {
	if (text === 'in' || text === 'out') return [text];
	if (text === 'both') return ['in', 'out'];
	throw new UsageError(`--direction is in, out or both, not "${shownUrl(text)}".`);
}

export function wholeNumber(text: string | undefined, option: string): number | undefined {
	if (text === undefined) return undefined;
	const count = Number(text);
	if (!(Number.isSafeInteger(count) && count > 0)) throw new UsageError(`--${option} is a whole number above 0.`);
	return count;
}

export function milliseconds(text: string, option = 'timeout'): number {
	const duration = parseDuration(text);
	if ('problem' in duration) throw new UsageError(`--${option}: ${duration.problem.replace(text.trim(), shownName)}`);
	return duration.ms;
}

/**
 * The connection of an argument: a URL, or the name of a saved connection. Where protocols share a scheme, `hasTarget`
 * chooses one whose messages have targets.
 */
export function specOf(text: string, protocol: string | undefined, hasTarget: boolean): ConnectionSpec {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	const shared = { values: {}, secrets: {}, own: false };
	if (protocol !== undefined && !descriptions.some(({ id }) => id === protocol))
		throw new UsageError(
			`--protocol is one of ${descriptions.map(({ id }) => id).join(', ')}, not "${shownUrl(protocol)}".`,
		);
	if (scheme === undefined) return { ...shared, profile: text };
	const fitting = descriptions.filter(({ schemes }) => schemes.some((one) => one.scheme === scheme));
	const best = fitting.find(({ verbs }) => (verbs[0]?.target !== 'none') === hasTarget) ?? fitting[0];
	return { ...shared, url: text, protocol: protocol ?? best?.id };
}
