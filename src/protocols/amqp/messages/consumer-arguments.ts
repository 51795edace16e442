import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import { shortened } from '../../../model/text/text';
import { type Table, type TableValue, textValue } from '../wire/table';
import { headers } from './message-properties';

const streamOffset = 'x-stream-offset';

/**
 * Arguments of `basic.consume`, those that RabbitMQ knows with the type that it requires, unless a type is written in
 * front of the value. Throws a FailureError for an invalid one.
 */
export function consumerArguments({ offset, arguments: input }: Subscription): Table {
	const pairs = Array.isArray(input) ? (input as [string, string][]) : [];
	const table = (headers(pairs) ?? []).map(([name, value], at): [string, TableValue] => {
		const text = pairs[at]?.[1] ?? '';
		const isTyped = value.type !== 'S' || /^\(text\)/.test(text);
		return [name, isTyped ? value : (typed.get(name)?.(text) ?? value)];
	});
	if (typeof offset !== 'string' || offset === '') return table;
	if (namesStreamOffset(table))
		throw fail('bad-field', `"Offset" and "${streamOffset}" mean the same: set only one of them.`);
	return [...table, [streamOffset, streamOffsetValue(offset)]];
}

/** The same with a start position in any case: the one that RabbitMQ takes by default. */
export function streamArguments(subscription: Subscription): Table {
	const table = consumerArguments(subscription);
	return namesStreamOffset(table) ? table : [...table, [streamOffset, textValue('next')]];
}

export const namesStreamOffset = (table: Table) => table.some(([name]) => name === streamOffset);

const typed = new Map<string, (text: string) => TableValue | undefined>([
	[streamOffset, streamOffsetValue],
	['x-priority', whole],
	['x-cancel-on-ha-failover', truth],
	['x-stream-match-unfiltered', truth],
]);

function whole(text: string): TableValue | undefined {
	return /^[+-]?\d{1,18}$/.test(text) ? { type: 'l', value: BigInt(text.replace('+', '')) } : undefined;
}

function truth(text: string): TableValue | undefined {
	return text === 'true' || text === 'false' ? { type: 't', value: text === 'true' } : undefined;
}

/** From RabbitMQ's guide to streams: names and intervals are text, offsets longs, times timestamps. */
function streamOffsetValue(text: string): TableValue {
	if (/^(?:first|last|next|\d+[YMDhms])$/.test(text)) return textValue(text);
	const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
	if (ms >= 0) return { type: 'T', value: BigInt(Math.floor(ms / 1000)) };
	const number = /^\d/.test(text) ? whole(text) : undefined;
	if (number) return number;
	throw fail(
		'bad-field',
		`"${shortened(text, 60)}" is not a position in a stream: write first, last, next, an offset such as 100, a time such as 2026-01-31T12:00:00Z, or an interval such as 1h.`,
	);
}

/** The part of a stream that is read, for a sentence. */
export function readOfStream(subscription: Subscription): string {
	const value = consumerArguments(subscription).find(([name]) => name === streamOffset)?.[1];
	if (value?.type === 'l') return `messages from offset ${value.value} on`;
	if (value?.type === 'T') return `messages since ${new Date(Number(value.value) * 1000).toISOString()}`;
	const place = value?.type === 'S' ? Buffer.from(value.value).toString() : 'next';
	if (place === 'first') return 'all messages from the first one on';
	if (place === 'last') return 'its last block of messages and all that follow';
	return place === 'next' ? 'new messages only' : `messages of the last ${place} and all that follow`;
}
