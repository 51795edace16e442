import type { Property } from '../../../model/contracts/session';
import type { Part } from '../../description';
import { isTombstone, kafkaFlag } from './flags';
import { headerText, hex, textOf } from './header-values';
import { storedRecord } from './stored-record';

/** All properties of a message as text. */
export function kafkaProperties(flags: number, meta: unknown): Property[] {
	const record = storedRecord(meta);
	const list: Property[] = [];
	if (isTombstone(flags))
		list.push({ label: 'Value', value: 'null (tombstone)', help: 'Deletes the key from a compacted topic.' });
	if (!record) return list;
	if (record.partition >= 0) list.push({ label: 'Partition', value: String(record.partition) });
	if (record.offset >= 0n) list.push({ label: 'Offset', value: String(record.offset) });
	if (record.timestamp >= 0n)
		list.push({
			label: 'Timestamp',
			value: timeText(record.timestamp),
			help: flags & kafkaFlag.appendTime ? 'Set by the broker (LogAppendTime).' : 'Set by the producer (CreateTime).',
		});
	if (!record.key) list.push({ label: 'Key', value: 'null' });
	if (flags & kafkaFlag.transactional) list.push({ label: 'Transaction', value: 'yes' });
	if (flags & kafkaFlag.consumed) list.push({ label: 'Read by', value: 'a member of a consumer group' });
	for (const { name, value } of record.headers) {
		const label = textOf(name) ?? `(bytes) ${hex(name.subarray(0, 100))}`;
		const isLong = value && value.length > maxShown;
		list.push({
			label,
			value: `${headerText(isLong ? value.subarray(0, maxShown) : value)}${isLong ? '…' : ''}`,
			group: 'Headers',
		});
	}
	return list;
}

/** Maximum bytes of a header's value that are shown. */
const maxShown = 4096;

/** The key is a payload of its own, with a decoding of its own. */
export function kafkaParts(_: number, meta: unknown): Part[] {
	const key = storedRecord(meta)?.key;
	return key ? [{ id: 'key', label: 'Key', bytes: key }] : [];
}

/** Partition or offset for a column; empty where it is not known, as for a sent message. */
export function positionText(meta: unknown, which: 'partition' | 'offset'): string {
	const value = storedRecord(meta)?.[which];
	return value === undefined || value < 0 ? '' : String(value);
}

/** The header that many producers set. */
export function contentType(meta: unknown): string | undefined {
	const found = storedRecord(meta)?.headers.find(({ name }) => /^content[-_]?type$/i.test(textOf(name) ?? ''));
	return found?.value && textOf(found.value);
}

/** Milliseconds since the epoch as a time, exact also where a date cannot express them. */
export function timeText(timestamp: bigint): string {
	const date = new Date(Number(timestamp));
	return Number.isNaN(date.getTime()) ? `${timestamp} ms` : date.toISOString();
}
