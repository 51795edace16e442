import assert from 'node:assert/strict';
import test from 'node:test';
import { fromHex, hex, readBody, readTyped } from '../../../../src/protocols/amqp1/describe/values/typed-text';
import { bodyText, valueText } from '../../../../src/protocols/amqp1/describe/values/value-text';
import { values as logged, resend } from '../../../../src/protocols/amqp1/files/logged';
import { prepareDraft } from '../../../../src/protocols/amqp1/messages/draft';
import { eachSection } from '../../../../src/protocols/amqp1/wire/codec/sections';
import { Malformed, Reader } from '../../../../src/protocols/amqp1/wire/codec/values';
import { checkValue, skipValue } from '../../../../src/protocols/amqp1/wire/codec/walk';
import { encodeValue } from '../../../../src/protocols/amqp1/wire/codec/writer';

/** Text as users write it, and its bytes by the specification (AMQP 1.0, part 1, section 1.6). */
const typed: readonly [text: string, bytes: string][] = [
	['', 'a100'],
	['a', 'a10161'],
	['(string) (int) 5', 'a10728696e742920' + '35'],
	['(unknown) 5', 'a10b28756e6b6e6f776e292035'],
	['(null)', '40'],
	['(boolean) true', '41'],
	['(boolean) false', '42'],
	['(ubyte) 255', '50ff'],
	['(ushort) 65535', '60ffff'],
	['(uint) 0', '43'],
	['(uint) 255', '52ff'],
	['(uint) 4294967295', '70ffffffff'],
	['(ulong) 0', '44'],
	['(ulong) 18446744073709551615', '80ffffffffffffffff'],
	['(byte) -128', '5180'],
	['(short) -1', '61ffff'],
	['(int) -1', '54ff'],
	['(int) 2147483647', '717fffffff'],
	['(long) -1', '55ff'],
	['(long) 9007199254740993', '810020000000000001'],
	['(float) 1.5', '723fc00000'],
	['(double) -0', '828000000000000000'],
	['(double) NaN', '827ff8000000000000'],
	['(char) 😀', '730001f600'],
	['(timestamp) 2026-01-31T12:00:00.001Z', '830000019c13ec9e01'],
	['(timestamp) 9223372036854775807', '837fffffffffffffff'],
	['(uuid) 01234567-89ab-cdef-0123-456789abcdef', '980123456789abcdef0123456789abcdef'],
	['(binary) 00ff', 'a00200ff'],
	['(symbol) s', 'a30173'],
	['(list) []', '45'],
	['(decimal32) 01020304', '7401020304'],
	['(array) int [1, 2]', 'f00000000d00000002710000000100000002'],
];

test('each type is read from text, encoded, decoded and written as the same text', () => {
	for (const [text, bytes] of typed) {
		const value = readTyped(text, 'It');
		assert.equal(hex(encodeValue(value)), bytes, text);
		const decoded = new Reader(fromHex(bytes) as Uint8Array).value();
		assert.equal(hex(encodeValue(readTyped(valueText(decoded), 'It'))), bytes, text);
	}
});

test('values that no notation expresses keep their bytes', () => {
	for (const bytes of ['00a30164' + '00a30165' + '41', 'c1040241' + 'a100', 'f0000000060000000156' + '01']) {
		const value = new Reader(fromHex(bytes) as Uint8Array).value();
		assert.equal(hex(encodeValue(readTyped(valueText(value), 'It'))), hex(encodeValue(value)), valueText(value));
	}
});

test('invalid values are refused with the name of what they are for', () => {
	for (const text of [
		'(int) 2147483648',
		'(uint) -1',
		'(ulong) 18446744073709551616',
		'(uuid) 1',
		'(boolean) yes',
		'(char) ab',
		'(list) {}',
		'(null) x',
		'(binary) 0',
		'(array) int ["x"]',
	])
		assert.throws(() => readTyped(text, 'The key'), /^Error: The key is not a valid value of the type/, text);
});

test('a body is JSON with types in its texts, and exact', () => {
	for (const [text, expected] of [
		['5', '5505'],
		['18446744073709551615', '80ffffffffffffffff'],
		['1.5', '823ff8000000000000'],
		['null', '40'],
		['"a"', 'a10161'],
		['{"a": "(uint) 1"}', 'd1000000090000000' + '2a101615201'],
	] as const) {
		const value = readBody(text);
		assert.equal(hex(encodeValue(value)), expected, text);
		assert.equal(hex(encodeValue(readBody(bodyText(value)))), expected, text);
	}
	assert.throws(() => readBody('plain words'), /neither JSON nor a value with a type/);
	assert.throws(() => readBody('1e400'), /fits neither/);
});

/** Bytes that must be refused before anything is allocated for what they announce. */
const hostile: Record<string, string> = {
	'an array of two billion nulls': 'f0000000058000000040',
	'a short array of 255 nulls': 'e002ff40',
	'a list of four billion': 'd000000004ffffffff',
	'a map with a size beyond its end': 'd1ffffffff00000000',
	'a text that ends early': 'b1000000ff61',
	'an unknown constructor': '3f',
	'nothing behind a descriptor': '00a10161',
	'arrays in an array, each of 255 nulls': 'f00000000a00000002e0' + '02ff40',
};

test('what announces more than there is is refused, by the check and by the reader', () => {
	for (const [name, bytes] of Object.entries(hostile)) {
		const input = fromHex(bytes) as Uint8Array;
		assert.throws(() => checkValue(input, 0, input.length), Malformed, name);
		assert.throws(() => new Reader(input).value(), Malformed, name);
	}
	const deep = Buffer.concat([
		...Array.from({ length: 40 }, () => Buffer.from('c0ff01', 'hex')),
		Buffer.alloc(300, 0x40),
	]);
	assert.throws(() => checkValue(deep, 0, deep.length), Malformed);
	const described = Buffer.alloc(10_000);
	for (const walk of [checkValue, skipValue]) assert.throws(() => walk(described, 0, described.length), Malformed);
});

test('a value that is checked is skipped and read to the same end', () => {
	for (const [text, bytes] of typed) {
		const input = Buffer.concat([fromHex(bytes) as Uint8Array, Buffer.from([0x40])]);
		const reader = new Reader(input);
		reader.value();
		assert.equal(checkValue(input, 0, input.length), bytes.length / 2, text);
		assert.equal(skipValue(input, 0, input.length), bytes.length / 2, text);
		assert.equal(reader.at, bytes.length / 2, text);
	}
});

test('sections are found by short, long and symbolic descriptors', () => {
	const found: number[] = [];
	const symbolic = Buffer.concat([
		Buffer.from('00537045', 'hex'),
		Buffer.from('0080000000000000007345', 'hex'),
		Buffer.from([0, 0xa3, 16]),
		Buffer.from('amqp:data:binary'),
		Buffer.from('a00161', 'hex'),
	]);
	eachSection(symbolic, 0, symbolic.length, (code) => found.push(code));
	assert.deepEqual(found, [0x70, 0x73, 0x75]);
	assert.throws(() => eachSection(Buffer.from('00537945', 'hex'), 0, 4, () => {}), Malformed);
});

test('long values are listed and sent again in full', () => {
	const long = 'x'.repeat(10_000);
	const { meta } = prepareDraft({
		...{ verb: 'send', target: 'a', payload: Buffer.alloc(0) },
		values: { subject: long, properties: [['name', long]] },
	});
	for (const { values } of [resend({ target: 'a', payload: Buffer.alloc(0), flags: 0, meta }), logged(0, meta)]) {
		assert.equal(values.subject, long);
		assert.deepEqual(values.properties, [['name', long]]);
	}
});
