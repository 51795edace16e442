import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { encode as toMsgpack } from '@msgpack/msgpack';
import { encode as toCbor } from 'cbor2';
import { decodePayload, numbersIn } from '../../../../src/engine/decode/decode';
import { diffLines } from '../../../../src/engine/decode/diff';
import { fittingDecodings } from '../../../../src/engine/decode/fits';
import { previewOf } from '../../../../src/engine/decode/preview/preview';
import { type Decoding, decodings } from '../../../../src/model/contracts/message';

const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex');
const buffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const decode = (payload: Buffer | string, decoding: Decoding, most = 1e6) =>
	decodePayload(Buffer.from(payload as string), decoding, most);
test('nesting without end and text without measure are stopped', () => {
	const deep: [Decoding, Buffer][] = [
		['json', Buffer.from('['.repeat(1e6))],
		['json', Buffer.from('{"a":'.repeat(1e5))],
		['cbor', Buffer.alloc(1e6, 0x81)],
		['cbor', Buffer.alloc(1e6, 0x9f)],
		['cbor', Buffer.alloc(1e6, 0xc1)],
		['msgpack', Buffer.alloc(1e6, 0x91)],
		['msgpack', Buffer.alloc(1e6, 0x81)],
	];
	for (const [decoding, payload] of deep) {
		const { problem, text } = decode(payload, decoding, 1e7);
		assert.match(problem ?? '', /200 levels/);
		assert.ok(text.length < 3e6, `${text.length}`);
		fittingDecodings(payload);
		numbersIn(payload, decoding);
	}
	const wide = `${'['.repeat(150)}${'1,'.repeat(500_000)}1${']'.repeat(150)}`;
	const { problem, text } = decode(wide, 'json', 1e7);
	assert.match(problem ?? '', /too long/);
	assert.equal(text.replace(/\s+/g, ''), wide);
});

test('no payload makes a decoder throw', () => {
	const samples = [
		buffer(toCbor({ a: [1.5, 'é', new Map([[1, 2n ** 70n]])], b: new Uint8Array(30) })),
		buffer(toMsgpack({ a: [1.5, 'é', { x: -5 }], b: new Uint8Array(30) })),
		Buffer.from('{"a":[1.5,"\u{1f600}\\u00e4",{"x":null}],"b":false}'),
	];
	const payloads: Buffer[] = Array.from({ length: 3000 }, (_, at) => randomBytes(at % 64));
	for (const sample of samples)
		for (let at = 0; at <= sample.length; at++) {
			payloads.push(sample.subarray(0, at), sample.subarray(at));
			for (const byte of [0, 0x7f, 0x80, 0xff]) {
				const changed = Buffer.from(sample);
				changed[at % sample.length] = byte;
				payloads.push(changed);
			}
		}
	for (const payload of payloads) {
		previewOf(payload);
		const fits = fittingDecodings(payload);
		assert.ok(fits.includes('hex'));
		for (const decoding of decodings) {
			const { text, shownBytes, totalBytes, problem } = decode(payload, decoding, 40);
			assert.equal(typeof text, 'string');
			assert.ok(shownBytes <= Math.min(40, totalBytes) && totalBytes === payload.length);
			if (fits.includes(decoding) && payload.length <= 40) assert.equal(problem, undefined, payload.toString('hex'));
			numbersIn(payload, decoding);
		}
	}
});

test('which decodings fit, the best first', () => {
	const cases: [Buffer | string, string | undefined, Decoding[]][] = [
		['', undefined, ['text', 'hex', 'base64']],
		['hello', undefined, ['text', 'hex', 'base64']],
		['21.5', undefined, ['text', 'json', 'hex', 'base64']],
		['{"a":1}', undefined, ['json', 'text', 'hex', 'base64']],
		['  [1]', undefined, ['json', 'text', 'hex', 'base64']],
		['{"a":1', undefined, ['text', 'hex', 'base64']],
		['21.5', 'application/json', ['json', 'text', 'hex', 'base64']],
		['{"a":1}', 'text/plain', ['text', 'json', 'hex', 'base64']],
		['{"a":1', 'application/json', ['text', 'hex', 'base64']],
		['{"a":1}', 'application/vnd.api+json; charset=utf-8', ['json', 'text', 'hex', 'base64']],
		[buffer(toCbor({ temp: 21.5 })), undefined, ['cbor', 'hex', 'base64']],
		[buffer(toMsgpack({ temp: 21.5 })), undefined, ['msgpack', 'hex', 'base64']],
		[buffer(toMsgpack(['on', 1])), undefined, ['msgpack', 'hex', 'base64']],
		[buffer(toCbor(['on', 1])), undefined, ['cbor', 'hex', 'base64']],
		[hex('18 2a'), 'application/cbor', ['cbor', 'text', 'hex', 'base64']],
		[hex('cc ff'), 'application/x-msgpack', ['msgpack', 'hex', 'base64']],
		[hex('18 ff'), undefined, ['hex', 'base64']],
		[hex('ff d8 ff e0 00 10 4a 46 49 46'), undefined, ['hex', 'base64']],
		[hex('89 50 4e 47 0d 0a 1a 0a 00 00 00 0d'), undefined, ['hex', 'base64']],
		[hex('1f 8b 08 00 00 00 00 00'), undefined, ['hex', 'base64']],
		// A text with control characters makes the format implausible.
		[hex('82 61 00 01 ff'), undefined, ['hex', 'base64']],
	];
	for (const [payload, contentType, expected] of cases)
		assert.deepEqual(
			fittingDecodings(Buffer.from(payload as string), contentType),
			expected,
			`${Buffer.from(payload as string).toString('latin1')} ${contentType}`,
		);
});

test('previews', () => {
	const cases: [Buffer | string, string, boolean][] = [
		['hello', 'hello', false],
		['', '', false],
		['a\nb\tc\x1b[31m\0\x7f', 'a\u240ab\u2409c\u241b[31m\u2400\u2421', false],
		['\u202egnp.exe\u200b\u0085\ufeff', '\\u{202e}gnp.exe\\u{200b}\\u{85}\\u{feff}', false],
		['x'.repeat(200), 'x'.repeat(200), false],
		['x'.repeat(201), `${'x'.repeat(199)}…`, false],
		['\u{1f468}\u200d\u{1f469}', '\u{1f468}\u200d\u{1f469}', false],
		[Buffer.from([1, 0x80, 0xff]), '01 80 ff', true],
		[Buffer.alloc(100, 0xff), `${'ff '.repeat(66)}…`, true],
		// Only the start is examined.
		[Buffer.concat([Buffer.alloc(1000, 0x61), Buffer.from([0xff])]), `${'a'.repeat(199)}…`, false],
	];
	for (const [payload, preview, binary] of cases)
		assert.deepEqual(previewOf(Buffer.from(payload as string)), { preview, binary });
	// A character of four bytes, cut at every offset by the limit.
	for (let start = 0; start < 8; start++) {
		const long = previewOf(Buffer.from('a'.repeat(start) + '\u{1f600}'.repeat(500)));
		assert.equal(long.binary, false);
		assert.ok(long.preview.length <= 200, long.preview);
		assert.equal(Buffer.from(long.preview).toString(), long.preview, 'no half of a character');
	}
	assert.equal(previewOf(Buffer.from([0x61, 0xf0, 0x9f])).binary, true);
	assert.ok(previewOf(Buffer.from('\u202e'.repeat(300))).preview.length <= 200);
});

test('differences line by line', () => {
	const lines = (before: string, after: string) =>
		diffLines(before, after).map(({ kind, text }) => `${kind[0]} ${text}`);
	assert.deepEqual(lines('a\nb\nc', 'a\nx\nc'), ['s a', 'r b', 'a x', 's c']);
	assert.deepEqual(lines('a', 'a'), ['s a']);
	assert.deepEqual(lines('', 'a'), ['r ', 'a a']);
	const many = (prefix: string) => Array.from({ length: 30_000 }, (_, at) => `${prefix}${at}`).join('\n');
	const all = diffLines(many('a'), many('b'));
	assert.equal(all.filter(({ kind }) => kind === 'same').length, 0);
	assert.equal(all.length, 40_000);
});
