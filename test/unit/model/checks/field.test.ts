import assert from 'node:assert/strict';
import test from 'node:test';
import { parseField, readField } from '../../../../src/model/checks/field';
import { toTime } from '../../../../src/model/checks/timestamp';

const read = (path: string, body: string | Uint8Array) => {
	const field = parseField(path);
	assert.ok(field, path);
	const value = readField(field, { payload: Buffer.from(body as string), header: () => undefined });
	return 'problem' in value ? `! ${value.problem}` : value.isNumber ? Number(value.text) : value.text;
};

test('a field is found wherever it is', () => {
	for (const [path, body, expected] of [
		['seq', '{"seq":17}', 17],
		['seq', ' {\r\n"a" : {"seq":1} , "seq" : 17 }', 17],
		['a.b', '{"a":{"b":"x"}}', 'x'],
		['body a.b', '{"a":{"b":"x"}}', 'x'],
		['$.a[1].b', '{"a":[{"b":1},{"b":2}]}', 2],
		['[0]', '[5]', 5],
		['["a b"]', '{"a b":1}', 1],
		['größe', '{"größe":1}', 1],
		['größe', '{"gr\\u00f6ße":1}', 1],
		['seq', '{"s\\u0065q":17}', 17],
		['seq', '\ufeff{"seq":17}', 17],
		['n', '{"x":"}\\"]{","n":"\\u00e4\\n"}', 'ä\n'],
		['n', '{"n":""}', ''],
		// The last one counts, as for every receiver that uses JSON.parse.
		['n', '{"n":"new","n":"old"}', 'old'],
		['n', '{"n":{"n":1},"n":"old"}', 'old'],
	] as const)
		assert.equal(read(path, body), expected, `${path} in ${body}`);
});

test('what is no usable value says so', () => {
	for (const [body, expected] of [
		['{}', '! there is nothing at "n"'],
		['[]', '! there is nothing at "n"'],
		['"text"', '! there is nothing at "n"'],
		['{"m":1}', '! there is nothing at "n"'],
		['{"n":null}', '! "n" is null'],
		['{"n":true}', '! "n" is true'],
		['{"n":{"a":1}}', '! "n" is an object'],
		['{"n":[1]}', '! "n" is a list'],
		['{"n":NaN}', '! the body is not JSON'],
		['{"n":1-2}', '! the body is not JSON'],
		['{"n":0x10}', '! the body is not JSON'],
		['{"n":"\\x"}', '! the body is not JSON'],
		['{"n":"', '! the body is not JSON'],
		['{"n"', '! the body is not JSON'],
		['{"a":[{"n":1}', '! the body is not JSON'],
		['{n:1}', '! the body is not JSON'],
		['', '! the body is not JSON'],
		['\0\u0001\u0002', '! the body is not JSON'],
		[`{"n":${'1'.repeat(300)}}`, '! the number at "n" is too long'],
		[`{"n":"${'x'.repeat(300)}"}`, '! the text at "n" is too long'],
		[`{"n":"${'x'.repeat(3000)}"}`, '! the text at "n" is too long'],
	] as const)
		assert.equal(read('n', body), expected, body.slice(0, 40));
	assert.equal(read('n', Buffer.from([0xff, 0xfe, 0])), '! the body is not JSON');
	assert.equal(read('n', 'on'), '! the body is not JSON');
	assert.equal(read('n', '23.5'), '! there is nothing at "n"');
	assert.equal(read('a.b', `${'{"a":'.repeat(100_000)}`), '! the body is not JSON');
});

test('headers are fields, too; anything else is refused', () => {
	const field = parseField('header X-Seq');
	assert.ok(field);
	const header = (name: string) => (name === 'X-Seq' ? '17' : undefined);
	assert.deepEqual(readField(field, { payload: new Uint8Array(), header }), { text: '17', isNumber: true });
	for (const text of ['', ' ', 'a..b', 'a b', '$', '["x']) assert.equal(parseField(text), undefined, text);
});

test('times are read in the usual notations', () => {
	const time = Date.UTC(2026, 0, 31, 12, 0, 0);
	for (const text of [
		'2026-01-31T12:00:00Z',
		'2026-01-31T12:00Z',
		'2026-01-31 12:00:00',
		'2026-01-31T13:00:00+01:00',
		'2026-01-31T12:00:00.000000000z',
		String(time / 1000),
		`${time / 1000}.0`,
		String(time),
		`${time}000`,
		`${time}000000`,
	])
		assert.equal(toTime(text), time, text);
	for (const text of ['', 'now', '2026-01-31', '2026-13-31T12:00:00Z', '-1', '1e3', '1'.repeat(20), 'NaN'])
		assert.equal(toTime(text), undefined, text);
});
