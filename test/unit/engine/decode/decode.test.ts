import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { encode as toMsgpack } from '@msgpack/msgpack';
import { encode as toCbor } from 'cbor2';
import { decodePayload, numbersIn } from '../../../../src/engine/decode/decode';
import { type Decoding, decodings } from '../../../../src/model/contracts/message';

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
		['c249010000000000000000', "2(h'010000000000000000') / 18446744073709551616 /"],
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
		['c074323031332d30332d32315432303a30343a30305a', '0("2013-03-21T20:04:00Z")'],
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
		// Duplicate keys and keys that are not texts; a sequence (RFC 8742).
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
		[new Date(0), "ext(-1, h'00000000') / 1970-01-01T00:00:00Z /"],
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
	// In a sequence, the numbers of the first value.
	assert.deepEqual([...numbersIn(hex('01 02 03'), 'cbor')], [['', 1]]);
});
