import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import { checkFilter } from '../describe/subjects';
import { bucketStream } from './streams';

/** What a subscription wants to read, in the terms of streams. */
export interface Wanted {
	/** In sentences: 'stream "ORDERS"'. */
	words: string;
	stream: string;
	/** Undefined: all subjects. */
	filter?: string;
	from: 'newest' | 'first' | 'sequence' | 'time' | 'last' | 'new';
	sequence: bigint;
	/** Milliseconds since the epoch. */
	time: number;
	most: number;
	follows: boolean;
}

const text = (subscription: Subscription, key: string): string => {
	const value = subscription[key];
	return typeof value === 'string' ? value.trim() : '';
};

/** Reads the fields of the modes "stream" and "kv". Throws a FailureError that names the field. */
export function wantedOf(subscription: Subscription): Wanted {
	const { target, mode } = subscription;
	const { count, follow } = subscription;
	const common = {
		...{ sequence: 0n, time: 0, most: typeof count === 'number' && count >= 1 ? Math.floor(count) : 100 },
		follows: follow !== false,
	};
	if (mode === 'kv') {
		const key = text(subscription, 'key') || '>';
		const wrong = checkFilter(key, 'key');
		if (wrong) throw fail('bad-key', wrong, { field: 'key' });
		const history = text(subscription, 'history');
		return {
			...{ ...common, words: `bucket "${target}"`, stream: bucketStream(target), filter: `$KV.${target}.${key}` },
			from: history === 'all' ? 'first' : history === 'new' ? 'new' : 'last',
		};
	}
	const filter = text(subscription, 'filter');
	const wrong = filter === '' ? undefined : checkFilter(filter);
	if (wrong) throw fail('bad-filter', wrong, { field: 'filter' });
	const from = (text(subscription, 'from') || 'newest') as Wanted['from'];
	const sequence = text(subscription, 'sequence');
	if (from === 'sequence' && !/^\d{1,20}$/.test(sequence))
		throw fail('bad-sequence', 'Enter the sequence to start from, as a whole number.', { field: 'sequence' });
	const time = Date.parse(text(subscription, 'time'));
	if (from === 'time' && Number.isNaN(time))
		throw fail('bad-time', 'Enter the time to start from, such as 2026-01-31T12:00:00Z.', { field: 'time' });
	return {
		...{ ...common, words: `stream "${target}"`, stream: target, from, time },
		...(filter !== '' && filter !== '>' && { filter }),
		sequence: BigInt(sequence || 0),
	};
}
