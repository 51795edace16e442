import { bytesValue } from '../../../model/profile/bytes-value';
import type { Values } from '../../../model/profile/field';
import type { Logged, LoggedValues, Resent } from '../../message-files';
import { isTombstone } from '../describe/flags';
import { headerText, textOf } from '../describe/header-values';
import { timeText } from '../describe/properties';
import { storedRecord } from '../describe/stored-record';

/** The fields of a logged message, with its offset. */
export function values(flags: number, meta: unknown): LoggedValues {
	const record = storedRecord(meta);
	if (!record) return { values: {} };
	const { partition, offset, timestamp, key, headers } = record;
	return {
		values: {
			...(key && { key: bytesValue(key) }),
			...(headers.length > 0 && {
				headers: headers.map(({ name, value }): [string, string] => [nameText(name), headerText(value)]),
			}),
			...(partition >= 0 && { partition }),
			// Digits: an offset may exceed what a number can hold.
			...(offset >= 0n && { offset: String(offset) }),
			...(timestamp >= 0n && { timestamp: timeText(timestamp) }),
			...(isTombstone(flags) && { tombstone: true }),
		},
	};
}

const lenient = new TextDecoder();
const nameText = (name: Uint8Array) => textOf(name) ?? lenient.decode(name);

/** The fields that send a logged message again: the same key, value and headers to the same partition, with a new timestamp. */
export function resend({ flags, meta }: Logged): Resent<never> {
	const record = storedRecord(meta);
	const again: Values = {};
	if (isTombstone(flags)) again.tombstone = true;
	if (!record) return { values: again };
	const { key, headers, partition } = record;
	if (key) again.key = bytesValue(key);
	if (headers.length > 0)
		again.headers = headers.map(({ name, value }): [string, string] => [nameText(name), headerText(value)]);
	if (partition >= 0) again.partition = partition;
	const isUnwritable = headers.some(({ name }) => textOf(name) === undefined);
	return isUnwritable
		? { values: again, lost: 'the names of its headers, which are not valid text' }
		: { values: again };
}
