import assert from 'node:assert/strict';
import test from 'node:test';
import { readEnd, readPartitions, readStart } from '../../../../src/protocols/kafka/describe/positions';

const now = Date.UTC(2026, 0, 31, 12);

const starts: [text: string, expected: ReturnType<typeof readStart>][] = [
	['earliest', { kind: 'earliest' }],
	[' Beginning ', { kind: 'earliest' }],
	['latest', { kind: 'latest' }],
	['-100', { kind: 'newest', count: 100n }],
	['0', { kind: 'offset', offset: 0n }],
	['9223372036854775807', { kind: 'offset', offset: 9223372036854775807n }],
	['9223372036854775808', undefined],
	['2026-01-31T11:00:00Z', { kind: 'time', time: now - 3_600_000 }],
	['2026-01-31 11:00:00Z', { kind: 'time', time: now - 3_600_000 }],
	['1h', { kind: 'time', time: now - 3_600_000 }],
	['250ms', { kind: 'time', time: now - 250 }],
	['2 d', { kind: 'time', time: now - 172_800_000 }],
	['2026-13-01', undefined],
	['-', undefined],
	['1.5', undefined],
	['yesterday', undefined],
	['__proto__', undefined],
];
for (const [text, expected] of starts)
	test(`reading from ${JSON.stringify(text)}`, () => assert.deepEqual(readStart(text, now), expected));

const ends: [text: string, expected: ReturnType<typeof readEnd>][] = [
	['', { kind: 'none' }],
	['end', { kind: 'end' }],
	['latest', { kind: 'end' }],
	['7', { kind: 'offset', offset: 7n }],
	['1m', { kind: 'time', time: now - 60_000 }],
	['-7', undefined],
	['earliest', undefined],
];
for (const [text, expected] of ends)
	test(`reading until ${JSON.stringify(text)}`, () => assert.deepEqual(readEnd(text, now), expected));

const lists: [text: string, expected: number[] | undefined][] = [
	['', []],
	['0', [0]],
	['4, 2 ,2-3', [2, 3, 4]],
	['0-9999', Array.from({ length: 10_000 }, (_, at) => at)],
	['0-10000', undefined],
	['0-2147483647', undefined],
	['3-1', undefined],
	['2147483648', undefined],
	['-1', undefined],
	['a', undefined],
];
for (const [text, expected] of lists)
	test(`partitions ${JSON.stringify(text)}`, () => assert.deepEqual(readPartitions(text), expected));
