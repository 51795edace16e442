import assert from 'node:assert/strict';
import test from 'node:test';
import { createTextCache } from '../../../../src/protocols/shared/text-cache';

const read = (bytes: Buffer, start: number, end: number) => bytes.toString('latin1', start, end);

test('texts of every length come back exactly, wherever they lie and however alike they are', () => {
	const textOf = createTextCache(read);
	// Texts that differ in one byte at each position, more than the cache has room for.
	const texts = Array.from({ length: 300 }, (_, length) => 'a'.repeat(length)).flatMap((text) => [
		text,
		...Array.from({ length: Math.min(text.length, 40) }, (_, at) => `${text.slice(0, at)}b${text.slice(at + 1)}`),
		`${text.slice(0, -1)}\xe4`,
	]);
	for (let round = 0; round < 3; round++)
		for (let first = 0; first < texts.length; first += 50) {
			const some = texts.slice(first, first + 50);
			const chunk = Buffer.from(`${'-'.repeat(round)}${some.join('')}`, 'latin1').subarray(round);
			let at = 0;
			for (const text of some) {
				assert.equal(textOf(chunk, at, at + text.length), text);
				at += text.length;
			}
		}
});

test('a text is read once while it stays in the cache, also from another chunk', () => {
	let reads = 0;
	const textOf = createTextCache((...part) => {
		reads++;
		return read(...part);
	});
	for (const text of ['', 'a', 'abc', 'abcd', 'abcde', 'building/floor-1/room-22']) {
		reads = 0;
		for (let round = 0; round < 3; round++) {
			const chunk = Buffer.from(`${' '.repeat(round)}${text} `);
			assert.equal(textOf(chunk, round, round + text.length), text);
		}
		assert.equal(reads, 1, text);
	}
});
