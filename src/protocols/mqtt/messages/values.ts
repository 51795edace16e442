import { type FailureError, fail } from '../../../base/failure';
import type { Values } from '../../../model/profile/field';
import { pairsValue, textValue } from '../../shared/values';

/** The longest string or binary value, in bytes (MQTT 5, 1.5.4 and 1.5.6). */
const maxBytes = 65_535;

export function bad(message: string): FailureError {
	return fail('bad-draft', message);
}

/** A text as MQTT allows it on the wire (MQTT 5, 1.5.4). Throws `bad-draft`. */
export function text(values: Values, key: string, label: string): string | undefined {
	const value = textValue(values, key);
	if (value !== undefined) checkText(value, label);
	return value;
}

function checkText(value: string, label: string): void {
	if (value.includes('\0')) throw bad(`${label} contains a NUL character, which MQTT forbids.`);
	if (/\p{Surrogate}/u.test(value)) throw bad(`${label} contains half a character (a lone surrogate).`);
	checkLength(Buffer.byteLength(value), label);
}

function checkLength(bytes: number, label: string): void {
	if (bytes > maxBytes) throw bad(`${label} is ${bytes.toLocaleString('en-US')} bytes long; MQTT allows 65,535.`);
}

/** User properties; undefined if there are none. Throws `bad-draft`. */
export function pairs(values: Values, key: string, label: string): [string, string][] | undefined {
	const list = pairsValue(values, key);
	for (const [name, content] of list) {
		checkText(name, `The name of a pair in ${label}`);
		checkText(content, `${label}, "${name}"`);
	}
	return list.length > 0 ? list : undefined;
}

/** Text, or bytes in hexadecimal after "0x". Throws `bad-draft`. */
export function binary(values: Values, key: string, label: string): Buffer | undefined {
	const value = textValue(values, key);
	if (value === undefined) return undefined;
	const digits = /^0x((?:[0-9a-f]{2})+)$/i.exec(value)?.[1];
	const content = digits ? Buffer.from(digits, 'hex') : Buffer.from(value);
	checkLength(content.length, label);
	return content;
}

/**
 * User properties as mqtt-packet takes them, one object each: one object for all of them would lose their order. Made by
 * `fromEntries`, so that "__proto__" is a name like any other.
 */
export function libraryPairs(list: readonly [string, string][] | undefined): Record<string, string> | undefined {
	if (!list) return undefined;
	return list.map((pair) => Object.fromEntries([pair])) as unknown as Record<string, string>;
}
