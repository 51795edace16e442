import assert from 'node:assert/strict';
import test from 'node:test';
import { createFramer } from '../../../../src/protocols/shared/frames';

/** Frames of two bytes of length, the head included, and a body. */
function framer(frames: string[]) {
	return createFramer({
		size(bytes, at) {
			if (bytes.length - at < 2) return 0;
			const size = bytes.readUInt16BE(at);
			if (size > 1000) throw new Error('too large');
			return size;
		},
		frame: (bytes, start, end) => frames.push(bytes.toString('latin1', start + 2, end)),
	});
}

const frame = (text: string) =>
	Buffer.concat([Buffer.of((text.length + 2) >> 8, (text.length + 2) & 255), Buffer.from(text)]);

test('frames: a stream cut into chunks of any size', () => {
	const texts = ['', 'a', 'bc', 'd'.repeat(300), 'end'];
	const stream = Buffer.concat(texts.map(frame));
	for (let size = 1; size <= stream.length; size++) {
		const frames: string[] = [];
		const { push, unfinished } = framer(frames);
		for (let at = 0; at < stream.length; at += size) push(stream.subarray(at, at + size));
		assert.deepEqual(frames, texts, `chunks of ${size}`);
		assert.equal(unfinished(), undefined);
	}
});

test('frames: an unfinished frame shows its age, its bytes and its size once that is known', () => {
	const frames: string[] = [];
	const { push, unfinished } = framer(frames);
	push(Buffer.concat([frame('first'), Buffer.of(0)]));
	const began = unfinished()?.since ?? Number.NaN;
	assert.deepEqual([unfinished()?.bytes, unfinished()?.size], [1, undefined]);
	push(Buffer.of(10, 1));
	assert.deepEqual(unfinished(), { since: began, bytes: 3, size: 10 });
	push(Buffer.from('1234567'));
	assert.deepEqual([unfinished(), frames.length], [undefined, 2]);
});

test('frames: a frame that is refused is refused before its body arrives', () => {
	assert.throws(() => framer([]).push(Buffer.of(4, 0)), /too large/);
});
