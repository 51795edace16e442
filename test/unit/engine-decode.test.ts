import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { encode as toMsgpack } from '@msgpack/msgpack';
import { encode as toCbor } from 'cbor2';
import { decodePayload, numbersIn } from '../../src/engine/decode/decode';
import { diffLines } from '../../src/engine/decode/diff';
import { fittingDecodings } from '../../src/engine/decode/fits';
import { previewOf } from '../../src/engine/decode/preview';
import { type Decoding, decodings } from '../../src/model/message';

const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex');
const buffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const decode = (payload: Buffer | string, decoding: Decoding, most = 1e6) =>
	decodePayload(Buffer.from(payload as string), decoding, most);
/** Without line breaks. */
const flat = (payload: Buffer | string, decoding: Decoding): string =>
	decode(payload, decoding).text.replace(/\n */g, ' ');

test('JSON is laid out from its source', () => {
	const cases: [string, string][] = [
		['{"a":1,"b":[true,null],"c":{},"d":[]}', '{ "a": 1, "b": [ true, null ], "c": {}, "d": [] }'],
		[' [ 1 , 2 ] \r\n', '[ 1, 2 ]'],
		['12345678901234567890123', '12345678901234567890123'],
		['[1.50,1E+2,-0]', '[ 1.50, 1E+2, -0 ]'],
		['{"b":1,"a":2,"b":3,"1":4}', '{ "b": 1, "a": 2, "b": 3, "1": 4 }'],
		['"\\u00e4\\n"', '"\\u00e4\\n"'],
		['{"__proto__":1}', '{ "__proto__": 1 }'],
		['\ufeff{}', '{}'],
	];
	for (const [source, expected] of cases) {
		assert.equal(flat(source, 'json'), expected);
		assert.equal(decode(source, 'json').problem, undefined, source);
	}
	assert.equal(decode('{"a":[1,{"b":2}]}', 'json').text, '{\n  "a": [\n    1,\n    {\n      "b": 2\n    }\n  ]\n}');
});

test('JSON that is none says where, and shows everything', () => {
	const cases: [string, string, string][] = [
		['{"a":1,}', 'line 1, column 8', '{ "a": 1,}'],
		['{\n"a":\n x}', 'line 3, column 2', '{ "a":\n x}'],
		['[1 2]', 'line 1, column 4', '[ 1 2]'],
		['{} {}', 'line 1, column 4', '{} {}'],
		['{a:1}', 'column 2', '{a:1}'],
		['["a\u0001"]', 'column 4', '["a\u0001"]'],
		['["\\x"]', 'column 3', '["\\x"]'],
		['[01]', 'column 3', '[ 01]'],
		['nonsense', 'column 1', 'nonsense'],
		['[1', 'ends', '[ 1'],
		['', 'ends', ''],
	];
	for (const [source, where, shown] of cases) {
		const { problem, text } = decode(source, 'json');
		assert.ok(problem?.includes(where), `${source}: ${problem}`);
		assert.equal(text.replace(/\s+/g, ''), shown.replace(/\s+/g, ''), source);
	}
});

test('JSON that JSON.parse takes is taken, whatever it is made of', () => {
	const pieces = [
		'{',
		'}',
		'[',
		']',
		',',
		':',
		'"a"',
		'"',
		'\\',
		'1',
		'-',
		'.5',
		'e3',
		'true',
		'nul',
		' ',
		'\n',
		'0',
		'é',
	];
	let state = 7;
	const random = (below: number): number => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
	let valid = 0;
	for (let round = 0; round < 30_000; round++) {
		const source = Array.from({ length: 1 + random(7) }, () => pieces[random(pieces.length)]).join('');
		let expected: string | undefined;
		try {
			expected = JSON.stringify(JSON.parse(source));
			valid++;
		} catch {}
		const { problem, text } = decode(source, 'json');
		assert.equal(problem === undefined, expected !== undefined, source);
		if (expected !== undefined) assert.equal(JSON.stringify(JSON.parse(text)), expected);
	}
	assert.ok(valid > 1000);
});

test('CBOR in diagnostic notation: examples of RFC 8949, appendix A', () => {
	const cases: [string, string][] = [
		['00', '0'],
		['1bffffffffffffffff', '18446744073709551615'],
		['3bffffffffffffffff', '-18446744073709551616'],
		['c249010000000000000000', "2( h'010000000000000000' )"],
		['f93c00', '1.0'],
		['f90001', '5.960464477539063e-8'],
		['f97bff', '65504.0'],
		['f98000', '-0.0'],
		['f9c400', '-4.0'],
		['fa7f7fffff', '3.4028234663852886e+38'],
		['fb3ff199999999999a', '1.1'],
		['f97c00', 'Infinity'],
		['f97e00', 'NaN'],
		['f4', 'false'],
		['f7', 'undefined'],
		['f0', 'simple(16)'],
		['f8ff', 'simple(255)'],
		['c074323031332d30332d32315432303a30343a30305a', '0( "2013-03-21T20:04:00Z" )'],
		['4401020304', "h'01020304'"],
		['62225c', '"\\"\\\\"'],
		['80', '[]'],
		['8301820203820405', '[ 1, [ 2, 3 ], [ 4, 5 ] ]'],
		['a201020304', '{ 1: 2, 3: 4 }'],
		['a26161016162820203', '{ "a": 1, "b": [ 2, 3 ] }'],
		['5f42010243030405ff', "(_ h'0102', h'030405' )"],
		['7f657374726561646d696e67ff', '(_ "strea", "ming" )'],
		['9fff', '[_]'],
		['bf61610161629f0203ffff', '{_ "a": 1, "b": [_ 2, 3 ] }'],
		// Duplicate keys and keys that are no text; a sequence (RFC 8742).
		['a2616101616102', '{ "a": 1, "a": 2 }'],
		['a1820102f5', '{ [ 1, 2 ]: true }'],
		['016161', '1 "a"'],
	];
	for (const [bytes, expected] of cases) {
		assert.equal(flat(hex(bytes), 'cbor'), expected, bytes);
		assert.equal(decode(hex(bytes), 'cbor').shownBytes, bytes.length / 2);
	}
});

test('CBOR and MessagePack that are cut or wrong show what could be read, and say why not more', () => {
	const cases: [Decoding, string, string, RegExp][] = [
		['cbor', 'a26161016162', '{ "a": 1, "b"', /ends 1 bytes too early/],
		['cbor', '9b7fffffffffffffff01', '[ 1', /too early/],
		['cbor', '5b7fffffffffffffff', '', /too early/],
		['cbor', 'bf6161ff', '{_ "a"', /without a meaning|key without|no meaning/],
		['cbor', 'ff', '', /no meaning/],
		['cbor', '1c', '', /reserved/],
		['cbor', '7f4101ff', '(_', /another type/],
		['cbor', '61ff', '"\ufffd"', /UTF-8/],
		['msgpack', '82a16101a162', '{ "a": 1, "b"', /too early/],
		['msgpack', 'dfffffffff01', '{ 1', /too early/],
		['msgpack', 'c6ffffffff', '', /too early/],
		['msgpack', '92c101', '[', /0xc1/],
	];
	for (const [decoding, bytes, text, problem] of cases) {
		assert.equal(flat(hex(bytes), decoding), text, bytes);
		assert.match(decode(hex(bytes), decoding).problem ?? '', problem, bytes);
	}
});

test('MessagePack as its library writes it', () => {
	const cases: [unknown, string][] = [
		[{ a: 1, b: [true, null], c: 'x' }, '{ "a": 1, "b": [ true, null ], "c": "x" }'],
		[[127, 128, 255, 256, 65_535, 65_536, 2 ** 32], '[ 127, 128, 255, 256, 65535, 65536, 4294967296 ]'],
		[[-1, -32, -33, -128, -129, -32_769, -(2 ** 31) - 1], '[ -1, -32, -33, -128, -129, -32769, -2147483649 ]'],
		[1.5, '1.5'],
		['x'.repeat(300), `"${'x'.repeat(300)}"`],
		[Uint8Array.of(1, 2, 255), "h'0102ff'"],
		[new Date(0), "ext(-1, h'00000000')"],
		[[], '[]'],
	];
	for (const [value, expected] of cases) assert.equal(flat(buffer(toMsgpack(value)), 'msgpack'), expected);
	const big = buffer(toMsgpack(2n ** 64n - 1n, { useBigInt64: true }));
	assert.equal(decode(big, 'msgpack').text, '18446744073709551615');
	for (const count of [15, 16, 70_000]) {
		const list = Array.from({ length: count }, (_, at) => at);
		assert.deepEqual(JSON.parse(decode(buffer(toMsgpack(list)), 'msgpack').text), list);
		const map = Object.fromEntries(list.map((at) => [`k${at}`, at]));
		assert.deepEqual(JSON.parse(decode(buffer(toMsgpack(map)), 'msgpack', 1e7).text), map);
		assert.deepEqual(JSON.parse(decode(buffer(toCbor(map)), 'cbor', 1e7).text), map);
	}
});

test('hex, base64 and text', () => {
	assert.equal(
		decode(Buffer.from('0123456789abcdef\n\x7f\xff', 'latin1'), 'hex').text,
		'00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\n' +
			`00000010  0a 7f ff${' '.repeat(42)}...`,
	);
	const bytes = randomBytes(1000);
	const lines = decode(bytes, 'base64').text.split('\n');
	assert.ok(lines.slice(0, -1).every((line) => line.length === 76));
	assert.ok(Buffer.from(lines.join(''), 'base64').equals(bytes));
	assert.deepEqual(decode('grün', 'text'), { text: 'grün', shownBytes: 5, totalBytes: 5, language: 'plaintext' });
	assert.equal(decode('<a/>', 'text').language, 'xml');
	const broken = decode(Buffer.from([0x61, 0xff, 0x62]), 'text');
	assert.equal(broken.text, 'a\ufffdb');
	assert.match(broken.problem ?? '', /UTF-8/);
	for (const decoding of decodings) assert.equal(decode('', decoding).text, '');
});

test('no more bytes than asked are shown, and no character is cut', () => {
	const text = 'a\u{1f600}é€'.repeat(10);
	for (let most = 0; most < 60; most++) {
		const shown = decode(text, 'text', most);
		assert.ok(shown.shownBytes <= most && shown.shownBytes > most - 4);
		assert.equal(Buffer.byteLength(shown.text), shown.shownBytes);
		assert.equal(shown.problem, undefined);
		const json = decode(`["${text}"]`, 'json', most);
		assert.equal(json.problem, undefined, `${most}: ${json.problem}`);
	}
	assert.equal(decode('{"a":[12,true],"b":"\\u00e4"}', 'json', -5).text, '');
	const source = '{"a":[12.5,true],"b":"\\u00e4"}';
	for (let most = 0; most < source.length; most++)
		assert.equal(decode(source, 'json', most).problem, undefined, source.slice(0, most));
	const cbor = decode(buffer(toCbor([1, 2, 3])), 'cbor', 2);
	assert.deepEqual([cbor.text, cbor.problem, cbor.shownBytes, cbor.totalBytes], ['[\n  1', undefined, 2, 4]);
});

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
		// A text in it has control characters: more likely something else.
		[hex('82 61 00 01 ff'), undefined, ['hex', 'base64']],
	];
	for (const [payload, contentType, expected] of cases)
		assert.deepEqual(
			fittingDecodings(Buffer.from(payload as string), contentType),
			expected,
			`${Buffer.from(payload as string).toString('latin1')} ${contentType}`,
		);
});

test('numbers and their paths', () => {
	const value = { a: 1, b: { c: [2, { d: 3.5 }] }, 'odd.name': 4, '': 5, 'with space': { x: 6 }, text: '7', n: null };
	const expected = { a: 1, 'b.c[0]': 2, 'b.c[1].d': 3.5, '["odd.name"]': 4, '[""]': 5, '["with space"].x': 6 };
	const payloads: [Decoding, Buffer][] = [
		['json', Buffer.from(JSON.stringify(value))],
		['cbor', buffer(toCbor(value))],
		['msgpack', buffer(toMsgpack(value))],
	];
	for (const [decoding, payload] of payloads)
		assert.deepEqual(Object.fromEntries(numbersIn(payload, decoding)), expected, decoding);
	assert.deepEqual([...numbersIn(Buffer.from('-2.5e3'), 'json')], [['', -2500]]);
	assert.deepEqual(
		[...numbersIn(Buffer.from('[[1],[2]]'), 'json')],
		[
			['[0][0]', 1],
			['[1][0]', 2],
		],
	);
	assert.deepEqual([...numbersIn(Buffer.from('{"\\u0061":1}'), 'json')], [['a', 1]]);
	assert.equal(numbersIn(Buffer.from(JSON.stringify(Array(5000).fill(1))), 'json').size, 1000);
	assert.equal(numbersIn(Buffer.from('1e999'), 'json').size, 0);
	// Of a sequence, those of the first value.
	assert.deepEqual([...numbersIn(hex('01 02 03'), 'cbor')], [['', 1]]);
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
		// Only the start is looked at.
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
