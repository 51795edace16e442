import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { encode as toMsgpack } from '@msgpack/msgpack';
import { encode as toCbor } from 'cbor2';
import { fittingDecodings } from '../../../../src/engine/decode/fits';
import { previewOf } from '../../../../src/engine/decode/preview/preview';

const buffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const place = { lat: 54.5, lon: 9.25, fuel: [1, null, true], name: 'a\u202eb' };
const line = '{"lat": 54.5, "lon": 9.25, "fuel": [1, null, true], "name": "a\\u{202e}b"}';

test('CBOR and MessagePack are shown on one line, with the name of the format', () => {
	const cases: [string, Buffer, string | undefined, string, string | undefined][] = [
		['cbor', buffer(toCbor(place)), undefined, line, 'cbor'],
		['msgpack', buffer(toMsgpack(place)), undefined, line, 'msgpack'],
		['claimed number', Buffer.from([0x18, 0x2a]), 'application/cbor', '42', 'cbor'],
		['claimed text that is also UTF-8', Buffer.from('cabc'), 'application/cbor', '"abc"', 'cbor'],
		['the same unclaimed', Buffer.from('cabc'), undefined, 'cabc', undefined],
		['wrongly claimed', Buffer.from('{"a":1}'), 'application/cbor', '{"a":1}', undefined],
		['text of other scripts', Buffer.from('Привет'), undefined, 'Привет', undefined],
		['neither', Buffer.from([0xff, 0xfe, 0x00]), undefined, 'ff fe 00', undefined],
		['cut', buffer(toCbor({ a: 1, b: 2 })).subarray(0, 5), undefined, 'a2 61 61 01 61', undefined],
	];
	for (const [name, payload, type, preview, tag] of cases) {
		const found = previewOf(payload, { declared: type === undefined ? {} : { type } });
		assert.deepEqual([found.preview, found.tag], [preview, tag], name);
	}
});

test('a long payload is decoded from its start', () => {
	const rows = Array.from({ length: 50_000 }, (_, at) => ({ at }));
	for (const [payload, tag] of [
		[buffer(toCbor(rows)), 'cbor'],
		[buffer(toMsgpack(rows)), 'msgpack'],
	] as const) {
		const found = previewOf(payload);
		assert.equal(found.tag, tag);
		assert.ok(found.preview.startsWith('[{"at": 0}, {"at": 1}, ') && found.preview.endsWith('…'), found.preview);
		assert.equal(found.preview.length, 200);
	}
});

test('preview and detail agree on the format', () => {
	const samples = [buffer(toCbor(place)), buffer(toMsgpack(place)), Buffer.from('{"a":1}'), Buffer.from('Grüße')];
	for (let round = 0; round < 2000; round++) samples.push(randomBytes(1 + (round % 40)));
	for (const payload of samples) {
		const [best] = fittingDecodings(payload);
		const expected = best === 'cbor' || best === 'msgpack' ? best : undefined;
		assert.equal(previewOf(payload).tag, expected, payload.toString('hex'));
	}
});
