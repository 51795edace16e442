import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeTimeSpecToTimestamp, encode as toMsgpack } from '@msgpack/msgpack';
import { decodePayload, numbersIn } from '../../../../src/engine/decode/decode';

const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex');
const cbor = (bytes: string) => decodePayload(hex(bytes), 'cbor', 1e6);

test('CBOR: the content of a tag stays on its line, with the date or number that it stands for', () => {
	const cases: [bytes: string, text: string][] = [
		// RFC 8949, appendix A.
		['c11a514b67b0', '1(1363896240) / 2013-03-21T20:04:00Z /'],
		['c1fb41d452d9ec200000', '1(1363896240.5) / 2013-03-21T20:04:00.500Z /'],
		['d74401020304', "23(h'01020304')"],
		['d818456449455446', "24(h'6449455446')"],
		['c349010000000000000000', "3(h'010000000000000000') / -18446744073709551617 /"],
		// Days since the epoch (RFC 8943), a date before it, one that has no year, and a tag in a tag.
		['d8641945d9', '100(17881) / 2018-12-16 /'],
		['c120', '1(-1) / 1969-12-31T23:59:59Z /'],
		['c11b7fffffffffffffff', '1(9223372036854775807)'],
		['c1f97e00', '1(NaN)'],
		['d9d9f7c100', '55799(1(0) / 1970-01-01T00:00:00Z /)'],
		['c1810a', '1([\n  10\n])'],
		['a1617482c100c24101', '{\n  "t": [\n    1(0) / 1970-01-01T00:00:00Z /,\n    2(h\'01\') / 1 /\n  ]\n}'],
	];
	for (const [bytes, text] of cases) assert.equal(cbor(bytes).text, text, bytes);
	assert.equal(cbor('c100').language, 'diagnostic');
});

test('CBOR: a bignum beyond 64 bytes has no value in words', () => {
	assert.equal(cbor(`c25840${'ff'.repeat(64)}`).text.length > 200, true);
	assert.doesNotMatch(cbor(`c25841${'ff'.repeat(65)}`).text, /\//);
});

test('a number in a tag has the path of the tag', () => {
	assert.deepEqual([...numbersIn(hex('a1 6174 c1 1a514b67b0'), 'cbor')], [['t', 1_363_896_240]]);
});

test('MessagePack: a timestamp of each size has its date', () => {
	const text = (content: Uint8Array) =>
		decodePayload(Buffer.from([0xc7, content.length, 0xff, ...content]), 'msgpack', 1e6).text;
	const cases: [sec: number, nsec: number, date: string][] = [
		[0, 0, '1970-01-01T00:00:00Z'],
		[1_795_890_971, 88_000_000, '2026-11-28T18:36:11.088Z'],
		[1_795_890_971, 1, '2026-11-28T18:36:11.000000001Z'],
		[-1, 500_000_000, '1969-12-31T23:59:59.500Z'],
	];
	for (const [sec, nsec, date] of cases) {
		const content = encodeTimeSpecToTimestamp({ sec, nsec });
		assert.equal(text(content), `ext(-1, h'${Buffer.from(content).toString('hex')}') / ${date} /`);
	}
	assert.equal(text(Uint8Array.of(1, 2, 3)), "ext(-1, h'010203')");
	const written = decodePayload(Buffer.from(toMsgpack({ at: new Date(1000) })), 'msgpack', 1e6).text;
	assert.equal(written, '{\n  "at": ext(-1, h\'00000001\') / 1970-01-01T00:00:01Z /\n}');
});

test('the lines of a hex dump are as long as promised', () => {
	const widths = [
		[16, 76],
		[8, 41],
		[4, 25],
	] as const;
	const bytes = Buffer.from('0123456789abcdef0123');
	for (const [perLine, columns] of widths) {
		const lines = decodePayload(bytes, 'hex', 100, perLine).text.split('\n');
		assert.equal(lines.length, Math.ceil(bytes.length / perLine));
		assert.equal(lines[0]?.length, columns);
		const start = columns - perLine;
		assert.equal(lines.map((line) => line.slice(start)).join(''), bytes.toString());
	}
	assert.equal(decodePayload(bytes, 'hex', 100, 8).text.split('\n')[1], '000008  38 39 61 62 63 64 65 66  89abcdef');
});
