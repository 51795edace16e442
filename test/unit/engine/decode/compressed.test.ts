import assert from 'node:assert/strict';
import test from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { encode as toCbor } from 'cbor2';
import type { Declared } from '../../../../src/engine/decode/compression/coding';
import { contentOf } from '../../../../src/engine/decode/compression/content';
import { previewOf } from '../../../../src/engine/decode/preview/preview';

const json = '{"device":"tractor-7","fuel":0.75}';
const plain = Buffer.from(json);
const buffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

test('recognizes compression by its signature or by what the message declares', () => {
	const cases: [string, Buffer, Declared, string | undefined][] = [
		['gzip', gzipSync(plain), {}, 'gzip'],
		...([1, 4, 6, 9].map((level) => [`zlib ${level}`, deflateSync(plain, { level }), {}, 'zlib']) as [
			string,
			Buffer,
			Declared,
			string,
		][]),
		['deflate with frame', deflateSync(plain), { encoding: 'deflate' }, 'deflate'],
		['deflate without frame', deflateRawSync(plain), { encoding: 'Deflate ' }, 'deflate'],
		['deflate without frame, undeclared', deflateRawSync(plain), {}, undefined],
		['brotli', brotliCompressSync(plain), { encoding: 'br' }, 'brotli'],
		['brotli, undeclared', brotliCompressSync(plain), {}, undefined],
		['by type', gzipSync(plain), { type: 'application/gzip' }, 'gzip'],
		['declared wrongly', gzipSync(plain), { encoding: 'br' }, 'gzip'],
		['declared, but not compressed', plain, { encoding: 'gzip' }, undefined],
		['text that begins like zlib', Buffer.from('x^2 + y^2 = z^2'), {}, undefined],
		['damaged', Buffer.concat([gzipSync(plain).subarray(0, 10), Buffer.alloc(20, 0xff)]), {}, undefined],
	];
	for (const [name, payload, declared, coding] of cases) {
		const content = contentOf(payload, declared, 1e6);
		assert.equal(content.coding, coding, name);
		assert.deepEqual(content.bytes, coding ? plain : payload, name);
	}
});

test('stops at the limit, whatever the data would become', () => {
	const huge = Buffer.alloc(30_000_000, 'abc ');
	for (const [name, payload, declared] of [
		['gzip', gzipSync(huge), {}],
		['zlib', deflateSync(huge), {}],
		['deflate', deflateRawSync(huge), { encoding: 'deflate' }],
	] as const) {
		for (const limit of [1, 1000, 100_000]) {
			const { bytes, end } = contentOf(payload, declared, limit);
			assert.ok(bytes.length > 0 && bytes.length <= limit, `${name}: ${bytes.length} of ${limit}`);
			assert.equal(end, 'limit', name);
			assert.deepEqual(bytes, huge.subarray(0, bytes.length), name);
		}
	}
	// Brotli is decompressed in large pieces; what does not fit is not shown.
	const { bytes } = contentOf(brotliCompressSync(huge), { encoding: 'br' }, 1000);
	assert.ok(bytes.length <= 1000);
});

test('shows the start of compressed data that ends too early', () => {
	const payload = gzipSync(Buffer.from(Array.from({ length: 500 }, (_, at) => `line ${at}\n`).join('')));
	const { bytes, coding, end } = contentOf(payload.subarray(0, payload.length / 2), {}, 1e6);
	assert.deepEqual([coding, end, bytes.toString().startsWith('line 0\nline 1\n')], ['gzip', 'cut', true]);
});

test('previews show the content and name what it was decoded from', () => {
	const cases: [string, Buffer, Declared, string, string | undefined][] = [
		['gzip', gzipSync(plain), {}, json, 'gzip'],
		['gzip with line breaks', gzipSync('a\nb'), {}, 'a\u240ab', 'gzip'],
		['gzip of CBOR', gzipSync(buffer(toCbor({ a: [1, 2] }))), {}, '{"a": [1, 2]}', 'gzip, cbor'],
		['gzip of bytes', gzipSync(Buffer.from([0xff, 0xfe, 1])), {}, 'ff fe 01', 'gzip'],
		['gzip of nothing', gzipSync(''), {}, '', 'gzip'],
		['brotli', brotliCompressSync(plain), { encoding: 'br' }, json, 'brotli'],
		['text', plain, {}, json, undefined],
		['text that is declared as compressed', plain, { encoding: 'gzip' }, json, undefined],
	];
	for (const [name, payload, declared, preview, tag] of cases) {
		const found = previewOf(payload, { declared });
		assert.deepEqual([found.preview, found.tag], [preview, tag], name);
	}
	const long = previewOf(gzipSync('\u{1f600}'.repeat(1000)));
	assert.ok(long.preview.length <= 200 && long.preview.endsWith('\u{1f600}…'), long.preview);
});
