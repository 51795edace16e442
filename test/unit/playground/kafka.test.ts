import assert from 'node:assert/strict';
import test from 'node:test';
import { Writer } from '../../../src/playground/kafka/wire/writer';

test('values are written whole where a buffer of the writer ends', () => {
	const writer = new Writer(0, true);
	const expected: number[] = [];
	for (let at = 0; at < 2000; at++) {
		writer.int8(1);
		writer.int16(0x0203);
		writer.int32(0x04050607);
		writer.int64(0x08090a0b0c0d0e0fn);
		writer.unsigned(300);
		expected.push(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0xac, 2);
	}
	assert.ok(writer.done().equals(Buffer.from(expected)));
});
