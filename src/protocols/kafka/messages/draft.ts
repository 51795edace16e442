import { fail } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import { bytesOf } from '../../../model/profile/bytes-value';
import type { Prepared } from '../../adapter';
import { numberValue, pairsValue, textValue } from '../../shared/values';
import { kafkaFlag } from '../describe/flags';
import { headerBytes } from '../describe/header-values';
import { type StoredHeader, storeRecord } from '../describe/stored-record';
import { hasZstd } from '../wire/decompress';

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** A draft that was checked. */
export interface PreparedRecord extends Prepared {
	topic: string;
	key: Uint8Array | undefined;
	/** Undefined: null. */
	value: Uint8Array | undefined;
	headers: StoredHeader[];
	/** Undefined: the partitioner chooses. */
	partition: number | undefined;
	/** Milliseconds since the epoch. */
	timestamp: bigint;
	/** As in the request: -1 for all. */
	acks: number;
	compression: Compression;
}

const encoder = new TextEncoder();

/** Throws a FailureError if the draft cannot be sent. */
export function prepareRecord({ target, payload, values }: Draft): PreparedRecord {
	const bad = (field: string, message: string) => fail('bad-field', message, { field });
	const isTombstone = values.tombstone === true;
	if (isTombstone && payload.length > 0)
		throw bad('tombstone', 'A tombstone has no payload: clear the payload, or do not send it as a tombstone.');
	const headers = pairsValue(values, 'headers').map(([name, text]): StoredHeader => {
		try {
			return { name: encoder.encode(name), value: headerBytes(name, text) };
		} catch (error) {
			throw bad('headers', error instanceof Error ? error.message : String(error));
		}
	});
	const timestamp = timestampOf(textValue(values, 'timestamp'));
	if (timestamp === undefined)
		throw bad('timestamp', 'The timestamp is neither a time such as 2026-01-31T12:00:00Z nor milliseconds since 1970.');
	const compression = compressions.find((one) => one === values.compression) ?? 'none';
	if (compression === 'zstd' && !hasZstd)
		throw bad('compression', 'Compression with zstd needs Node 22.15 or later; choose another one.');
	const key = bytesOf(values.key);
	const partition = numberValue(values, 'partition');
	const stored = storeRecord({ partition: partition ?? -1, offset: -1n, timestamp, key, headers });
	return {
		flags: isTombstone ? kafkaFlag.tombstone : 0,
		meta: stored,
		topic: target,
		...{ key, headers, partition, timestamp, compression },
		value: isTombstone ? undefined : payload,
		acks: values.acks === '0' ? 0 : values.acks === '1' ? 1 : -1,
	};
}

const maxTime = 2n ** 63n - 1n;

function timestampOf(text: string | undefined): bigint | undefined {
	if (text === undefined) return BigInt(Date.now());
	if (/^\d{1,19}$/.test(text.trim())) {
		const value = BigInt(text.trim());
		return value <= maxTime ? value : undefined;
	}
	const time = Date.parse(text);
	return Number.isFinite(time) && time >= 0 ? BigInt(Math.floor(time)) : undefined;
}
