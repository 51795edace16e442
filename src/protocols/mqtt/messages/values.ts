import { isUtf8 } from 'node:buffer';
import { type FailureError, fail } from '../../../base/failure';
import type { FieldValue, Values } from '../../../model/profile/field';

export function bad(message: string): FailureError {
	return fail('bad-draft', message);
}

export function text(values: Values, key: string, label: string): string | undefined {
	const value = values[key];
	if (value === undefined || value === '') return undefined;
	if (typeof value !== 'string') throw bad(`${label} must be text.`);
	checkText(value, label);
	return value;
}

/** As any string on the wire (MQTT 5, 1.5.4). */
export function checkText(value: string, label: string): void {
	if (value.includes('\0')) throw bad(`${label} contains a NUL character, which MQTT forbids.`);
	if (/\p{Surrogate}/u.test(value)) throw bad(`${label} contains half a character (a lone surrogate).`);
	const bytes = Buffer.byteLength(value);
	if (bytes > 65_535) throw bad(`${label} is ${bytes.toLocaleString('en')} bytes long; MQTT allows 65,535.`);
}

export function whole(values: Values, key: string, label: string, min: number, max: number): number | undefined {
	const value = values[key];
	if (value === undefined || value === '') return undefined;
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max)
		throw bad(`${label} must be a whole number from ${min} to ${max.toLocaleString('en')}.`);
	return number;
}

export function yes(values: Values, key: string): boolean {
	return values[key] === true;
}

export function pairs(values: Values, key: string, label: string): [string, string][] | undefined {
	const value: FieldValue | undefined = values[key];
	if (value === undefined) return undefined;
	if (!Array.isArray(value)) throw bad(`${label} must be pairs of name and value.`);
	const list = value.map((pair): [string, string] => {
		const [name, content] = Array.isArray(pair) && pair.length === 2 ? pair : [];
		if (typeof name !== 'string' || typeof content !== 'string') throw bad(`${label} must be pairs of name and value.`);
		checkText(name, `The name of a pair in ${label}`);
		checkText(content, `${label}, "${name}"`);
		return [name, content];
	});
	return list.length > 0 ? list : undefined;
}

/** Text, or bytes in hexadecimal after "0x". */
export function bytes(values: Values, key: string, label: string): Buffer | undefined {
	const value = values[key];
	if (value === undefined || value === '') return undefined;
	if (typeof value !== 'string') throw bad(`${label} must be text.`);
	const digits = /^0x((?:[0-9a-f]{2})+)$/i.exec(value)?.[1];
	const content = digits ? Buffer.from(digits, 'hex') : Buffer.from(value);
	if (content.length > 65_535)
		throw bad(`${label} is ${content.length.toLocaleString('en')} bytes long; MQTT allows 65,535.`);
	return content;
}

export function isText(payload: Uint8Array): boolean {
	return isUtf8(payload);
}

/**
 * User properties as mqtt-packet takes them, one object each: in one object for all of them it would lose their order.
 * Made by `fromEntries`, so that "__proto__" is a name like any other.
 */
export function libraryPairs(list: readonly [string, string][] | undefined): Record<string, string> | undefined {
	if (!list) return undefined;
	return list.map((pair) => Object.fromEntries([pair])) as unknown as Record<string, string>;
}
