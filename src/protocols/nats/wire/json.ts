import { isRecord } from '../../../base/check';
import { parseJson, toPlain } from '../../../model/json/value';

export type JsonRecord = Record<string, unknown>;

/** An object of the server; numbers beyond 2^53 are texts of their digits. Undefined if the text is no JSON object. */
export function readRecord(text: string): JsonRecord | undefined {
	const parsed = parseJson(text);
	const value = 'value' in parsed ? toPlain(parsed.value) : undefined;
	return isRecord(value) ? value : undefined;
}

export const recordAt = (record: JsonRecord | undefined, key: string): JsonRecord => {
	const value = record?.[key];
	return isRecord(value) ? value : {};
};

export const recordsAt = (record: JsonRecord | undefined, key: string): JsonRecord[] => {
	const value = record?.[key];
	return Array.isArray(value) ? value.filter(isRecord) : [];
};

/** Empty if there is none. */
export const textAt = (record: JsonRecord | undefined, key: string): string => {
	const value = record?.[key];
	return typeof value === 'string' ? value : '';
};

/** A whole number of up to 64 bits, exact; 0 if there is none. */
export const bigAt = (record: JsonRecord | undefined, key: string): bigint => {
	const value = record?.[key];
	return (typeof value === 'number' && Number.isInteger(value)) ||
		(typeof value === 'string' && /^-?\d{1,20}$/.test(value))
		? BigInt(value)
		: 0n;
};

export const textsAt = (record: JsonRecord | undefined, key: string): string[] => {
	const value = record?.[key];
	return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
};
