import { fail } from '../../../base/failure';
import type { FieldValue, Values } from '../../../model/profile/field';
import { tooLong } from '../describe/addresses';
import { headerTable } from '../describe/headers/header-values';
import type { Basic } from '../wire/basic';

/** The properties of a message from the fields of the form. Throws a FailureError that names the field. */
export function basicOf(values: Values): Basic {
	const short = (key: string, label: string) => {
		const value = values[key];
		if (value === undefined || value === '') return undefined;
		if (typeof value !== 'string') throw bad(label, 'must be a text');
		if (tooLong(value)) throw bad(label, 'must not exceed 255 bytes');
		return value;
	};
	const { persistent = true, priority } = values;
	if (priority !== undefined && !(Number.isInteger(priority) && Number(priority) >= 0 && Number(priority) <= 255))
		throw bad('Priority', 'must be a whole number from 0 to 255');
	const expiration = short('expiration', 'Expiration');
	if (expiration !== undefined && !/^\d{1,10}$/.test(expiration))
		throw bad('Expiration', 'must be a number of milliseconds');
	return {
		contentType: short('contentType', 'Content type'),
		contentEncoding: short('contentEncoding', 'Content encoding'),
		headers: headers(values.headers),
		deliveryMode: persistent === false ? 1 : 2,
		priority: priority === undefined ? undefined : Number(priority),
		correlationId: short('correlationId', 'Correlation ID'),
		replyTo: short('replyTo', 'Reply to'),
		expiration,
		messageId: short('messageId', 'Message ID'),
		timestamp: timestamp(short('timestamp', 'Timestamp')),
		type: short('type', 'Type'),
		userId: short('userId', 'User ID'),
		appId: short('appId', 'App ID'),
	};
}

const bad = (label: string, what: string) => fail('bad-field', `"${label}" ${what}.`);

export function headers(value: FieldValue | undefined): Basic['headers'] {
	if (value === undefined) return undefined;
	const pairs = Array.isArray(value) ? value.filter((pair) => Array.isArray(pair) && pair.length === 2) : undefined;
	if (!pairs || !Array.isArray(value) || pairs.length !== value.length)
		throw bad('Headers', 'must be pairs of name and value');
	if (pairs.length === 0) return undefined;
	try {
		return headerTable(pairs as [string, string][]);
	} catch (error) {
		throw fail('bad-header', error instanceof Error ? error.message : 'A header is invalid.');
	}
}

function timestamp(text: string | undefined): bigint | undefined {
	if (text === undefined) return undefined;
	if (/^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n) return BigInt(text);
	const ms = Date.parse(text);
	if (!(ms >= 0)) throw bad('Timestamp', 'must be a time, or seconds since 1970');
	return BigInt(Math.floor(ms / 1000));
}
