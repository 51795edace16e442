import type { Values } from '../../model/profile/field';

/*
 * Readers of a field's value. Profiles and drafts have been checked against the description, so a value has the type of
 * its field; an empty text counts as not given.
 */

export function textValue(values: Values, key: string): string | undefined {
	const value = values[key];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberValue(values: Values, key: string): number | undefined {
	const value = values[key];
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Empty if there are none. */
export function pairsValue(values: Values, key: string): [string, string][] {
	const value: unknown = values[key];
	return Array.isArray(value) ? value.filter((pair): pair is [string, string] => Array.isArray(pair)) : [];
}

/** Empty if there are none. */
export function listValue(values: Values, key: string): string[] {
	const value: unknown = values[key];
	return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}
