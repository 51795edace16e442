import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { createBlockBuffer } from '../../../../src/protocols/coap/wire/block-buffer';

test('pieces are copied one behind the other, whatever their sizes', () => {
	for (const size of [0, 1, 16, 1024, 4096, 5000, 65_536, 300_000]) {
		const pieces = Array.from({ length: 12 }, (_, at) => randomBytes(Math.max(0, size - at)));
		const expected = Buffer.concat(pieces);
		const [first = Buffer.alloc(0), ...more] = pieces;
		const got = createBlockBuffer(first);
		for (const piece of more) got.add(piece);
		for (const piece of pieces) piece.fill(0);
		assert.equal(got.length, expected.length);
		assert.ok(expected.equals(got.whole()), `pieces of ${size}`);
	}
});
