import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import type { Received } from '../../../../src/files/run/connection';
import { judge } from '../../../../src/files/run/results/expectations';
import type { PlacedFailure } from '../../../../src/files/syntax/ast';
import { readPattern } from '../../../../src/files/syntax/expectation/pattern';
import { parse } from '../../../../src/files/syntax/parse';
import type { Surroundings } from '../../../../src/files/values/builtins';
import { formatDate } from '../../../../src/files/values/datetime';
import { environmentNames, parseDotenv, readEnvironment } from '../../../../src/files/values/environments';
import { fieldValue, findReserved, reservedFor } from '../../../../src/files/values/headers';
import { neededSecretNames } from '../../../../src/files/values/secret-names';
import { replaceIn, type Scope } from '../../../../src/files/values/variables';
import { followPath, parsePath } from '../../../../src/model/json/path';
import { parseJson } from '../../../../src/model/json/value';
import { parseDuration } from '../../../../src/model/text/duration';
import { oneEditAway } from '../../../../src/model/text/nearest';
import { redact } from '../../../../src/model/text/redact';
import { match } from '../../../../src/node/match';
import { describe } from '../../../../src/protocols/descriptions';

const bytes = (text: string) => new TextEncoder().encode(text);

const around: Surroundings = {
	now: () => Date.UTC(2026, 0, 2, 13, 4, 5, 67),
	random: (count) => Uint8Array.from({ length: count }, (_, at) => at + 1),
	env: (name) => ({ HOME_X: '/h' })[name],
	dotenv: (name) => ({ D: 'dot' })[name],
	secret: (name) => ({ pin: 's3cret-pin' })[name],
	hmac: (algorithm, key, body) => bytes(`${algorithm.slice(3)}${key.slice(0, 0)}${body.length}`),
	device: { client: 3, clients: 4, message: 7 },
	body: new Uint8Array(1),
};

function scopeOf(text: string, more: Partial<Scope> = {}): Scope {
	const { environment } = readEnvironment(
		{
			shared: '{"dev": {"host": "h1", "nested": {"a": 1}}, "$shared": {"s": "all"}}',
			private: '{"dev": {"token": "private-token"}}',
		},
		'dev',
	);
	return { file: parse(text), environment, around, hidden: new Set(), result: () => undefined, ...more };
}

const good: [string, string, string][] = [
	['x', 'x', ''],
	['{{a}}', '1', '@a = 1\n'],
	['{{ a }}-{{a}}', '1-1', '@a = 1\n'],
	['{{b}}', '<1>', '@a = 1\n@b = <{{a}}>\n'],
	// The last definition above counts; a variable may be made of its earlier self.
	['{{a}}', '2', '@a = 1\n@a = 2\n'],
	['{{a}}', '1+', '@a = 1\n@a = {{a}}+\n'],
	['{{host}}/{{s}}/{{nested.a}}', 'h1/all/1', ''],
	['{{host}}', 'mine', '@host = mine\n'],
	['{{$processEnv HOME_X}} {{$dotenv D}}', '/h dot', ''],
	['{{$timestamp}}', '1767359045', ''],
	['{{$timestamp -1 d}}', '1767272645', ''],
	['{{$datetime iso8601}}', '2026-01-02T13:04:05.067Z', ''],
	['{{$datetime rfc1123}}', 'Fri, 02 Jan 2026 13:04:05 GMT', ''],
	['{{$datetime "YYYY-MM-DD [at] HH:mm" 1 h}}', '2026-01-02 at 14:04', ''],
	['{{$uuid}}', '01020304-0506-4708-890a-0b0c0d0e0f10', ''],
	['{{$nonce}}', '0102030405060708090a0b0c0d0e0f10', ''],
	['{{$secret pin}}', 's3cret-pin', ''],
	['{{$client}} {{$counter}} {{$counter 5}} {{$counter 5 -2}}', '3 8 12 -9', ''],
	['{{$randomFloat 10 20}} {{$randomFloat -1 1 4}} {{$randomFloat 5 5 0}}', '10.04 -0.9921 5', ''],
	['{{$oneOf a b "c d"}} {{$oneOf x}}', 'a x', ''],
	// A quarter of the period: 15,067 ms in a minute at 04:05.067, and clients 1 to 4 are a quarter apart.
	['{{$wave 10 30 20s}} {{$wave 10 30 20s 0}}', '10.00 10', ''],
	['{{$hmac sha256 pin}} {{$hmac sha1 pin base64}}', '32353631 MTE=', ''],
	['{"a":{"b":1}}', '{"a":{"b":1}}', ''],
	['{{{host}}}', '{h1}', ''],
	['{{open', '{{open', ''],
	['{{a\n}}', '{{a\n}}', ''],
];
for (const [text, expected, head] of good)
	test(`variables: ${text}`, () => assert.equal(replaceIn(text, head.length + 1000, scopeOf(head)), expected));

const tripling = Array.from({ length: 20 }, (_, at) => `@v${at + 1} = ${`{{v${at}}}`.repeat(3)}\n`).join('');
const bad: [string, string, string][] = [
	['{{nope}}', 'undefined-variable', ''],
	['{{}}', 'undefined-variable', ''],
	['{{$nope}}', 'undefined-variable', ''],
	['{{__proto__}}', 'undefined-variable', ''],
	['{{$processEnv NOPE}}', 'undefined-variable', ''],
	['{{$secret nope}}', 'undefined-variable', ''],
	['{{$randomInt 5 5}}', 'bad-variable', ''],
	['{{$randomInt a b}}', 'bad-variable', ''],
	['{{$client 1}}', 'bad-variable', ''],
	['{{$counter x}}', 'bad-variable', ''],
	['{{$counter 9007199254740991}}', 'bad-variable', ''],
	['{{$randomFloat 5}}', 'bad-variable', ''],
	['{{$randomFloat 5 1}}', 'bad-variable', ''],
	['{{$randomFloat 1 5 16}}', 'bad-variable', ''],
	['{{$oneOf}}', 'bad-variable', ''],
	['{{$wave 1 5}}', 'bad-variable', ''],
	['{{$wave 1 5 60}}', 'bad-variable', ''],
	['{{$wave 1 5 0s}}', 'bad-variable', ''],
	['{{$hmac md5 pin}}', 'bad-variable', ''],
	['{{$hmac sha256}}', 'bad-variable', ''],
	['{{$hmac sha256 nope}}', 'undefined-variable', ''],
	['{{$datetime "---"}}', 'bad-variable', ''],
	['{{a}}', 'variable-cycle', '@b = {{a}}\n@a = {{b}}\n@b = {{a}}\n'],
	['{{v19}}', 'variable-cycle', `@v0 = x\n${tripling}`],
	['{{r.body.x}}', 'undefined-variable', ''],
];
for (const [text, code, head] of bad)
	test(`variables, wrong: ${text} ${code}`, () =>
		assert.throws(
			() => replaceIn(`..${text}`, head.length + 1000, scopeOf(head)),
			(error) => {
				assert.ok(error instanceof FailureError);
				assert.equal(error.failure.code, code);
				// The place is that of the placeholder, wherever in its definitions it failed.
				assert.deepEqual((error.failure as PlacedFailure).range, {
					start: head.length + 1002,
					end: head.length + 1002 + text.length,
				});
				return true;
			},
		));

test('$randomInt reaches its least and never its most', () => {
	const seen = new Set<string>();
	for (let byte = 0; byte < 256; byte++)
		seen.add(
			replaceIn(
				'{{$randomInt -1 3}}',
				0,
				scopeOf('', { around: { ...around, random: (n) => new Uint8Array(n).fill(byte) } }),
			),
		);
	assert.deepEqual([...seen].sort(), ['-1', '0', '1', '2']);
});

test('results of earlier requests are replaced, and not searched again', () => {
	const scope = scopeOf('', {
		result: (name, part, path) => ({ found: true, text: `{{host}} ${name} ${part} ${path}` }),
	});
	assert.equal(replaceIn('{{r.body.a[0].b}}', 0, scope), '{{host}} r body a[0].b');
	assert.equal(replaceIn('{{r.response.body.$.a}}', 0, scope), '{{host}} r body $.a');
	assert.equal(replaceIn('{{r.header.X-Y}}', 0, scope), '{{host}} r header X-Y');
});

test('what is secret is known afterwards', () => {
	const scope = scopeOf('');
	replaceIn('{{token}} {{$secret pin}} {{host}}', 0, scope);
	assert.deepEqual([...scope.hidden].sort(), ['private-token', 's3cret-pin']);
	assert.equal(redact('x private-token y s3cret-pin', scope.hidden), 'x ••• y •••');
	assert.equal(redact(`as base64: ${btoa('private-token')}`, scope.hidden), 'as base64: •••');
	assert.equal(redact('pin 42, 142', ['42']), 'pin •••, 142');
});

test('environments: names, problems', () => {
	assert.deepEqual(environmentNames({ shared: '{"b": {}, "$shared": {}}', private: '{"a": {}, "b": {}}' }), ['b', 'a']);
	const problem = (texts: object, name?: string) => readEnvironment(texts, name).problems.map(({ message }) => message);
	assert.match(problem({ shared: '{"dev": {}}' }, 'prod')[0] ?? '', /no environment "prod"\. There are: dev/);
	assert.match(problem({ shared: '{' })[0] ?? '', /not valid JSON/);
	assert.match(problem({ shared: '[]' })[0] ?? '', /not an object/);
	assert.match(problem({ shared: '{"dev": 3}' }, 'dev')[0] ?? '', /not an object/);
	assert.deepEqual(problem({ shared: '\uFEFF{"__proto__": {"x": "1"}}' }, '__proto__'), []);
});

test('environments: values are the text that the file has', () => {
	const shared = `{"dev": {"id": 1724442618569203715, "t": 127.0, "z": -0, "e": 1e400, "s": "\\u00e4", "b": true,
		"list": [
			1.0, "x  y"
		], "twice": 1, "twice": {"a": 1}, "twice": {"b": 2}, "__proto__": {"p": 1}}}`;
	const { environment, problems } = readEnvironment({ shared }, 'dev');
	assert.deepEqual(problems, []);
	assert.deepEqual(
		[...environment.values],
		[
			['id', '1724442618569203715'],
			['t', '127.0'],
			['z', '-0'],
			['e', '1e400'],
			['s', 'ä'],
			['b', 'true'],
			['list', '[1.0, "x  y"]'],
			['twice.b', '2'],
			['__proto__.p', '1'],
		],
	);
	assert.deepEqual(environmentNames({ shared: '{"b":{},"1":{},"b":{}}' }), ['b', '1']);
	const nested = readEnvironment({ shared: '{"dev":'.repeat(100_000) }, 'dev');
	assert.match(nested.problems[0]?.message ?? '', /nested more than 1000 levels deep/);
});

test('.env', () => {
	const text = '# c\nA=1\nexport B = two words # c\nC="a\\nb \\"q\\" # no c"\nD=\'$A\'\nE=\nF="multi\nline"\nA=2\n=x\n';
	assert.deepEqual(Object.fromEntries(parseDotenv(text)), {
		A: '2',
		B: 'two words',
		C: 'a\nb "q" # no c',
		D: '$A',
		E: '',
		F: 'multi\nline',
	});
});

test('times', () => {
	const cases: [string, number | undefined][] = [
		['500ms', 500],
		['5s', 5000],
		['1.5 m', 90_000],
		['2h', 7_200_000],
		['5', undefined],
		['', undefined],
		['-1s', undefined],
		['1d', undefined],
		['99999h', undefined],
	];
	for (const [text, ms] of cases) {
		const duration = parseDuration(text);
		assert.equal('ms' in duration ? duration.ms : undefined, ms, text);
	}
	assert.equal(formatDate(0, 'D/M/YY h:mm a'), '1/1/70 12:00 am');
});

const message = (body: string | Uint8Array, headers: [string, string][] = [], target = 'a/b'): Received => ({
	target,
	payload: typeof body === 'string' ? bytes(body) : body,
	headers,
	time: 0,
});
const json = message('{"level":"high","n":3,"f":false,"s":"false","list":[1,{"x":"y"}],"a b":1,"zero":0,"nul":null}', [
	['QoS', '1'],
	['X-Trace', 't1'],
	['count', '10'],
]);

const long = message('{"id":1724442618569203714,"t": 22}');
const deep = '['.repeat(100_000) + ']'.repeat(100_000);

const verdicts: [string, boolean, Received[]][] = [
	['messages length == 2', true, [json, json]],
	['messages length == 2', false, [json]],
	['messages length == 0', true, []],
	['message[0] topic == a/b', true, [json]],
	['message[1] topic == a/b', false, [json]],
	['message[0] topic startsWith a/', true, [json]],
	['message[0] header x-trace exists', true, [json]],
	['message[0] header QoS == 1', true, [json]],
	['message[0] header count > 9', true, [json]],
	['message[0] header count < 9', false, [json]],
	['message[0] header X exists', false, [json]],
	['body level == high', true, [json]],
	['body level == "high"', true, [json]],
	['body n == 3', true, [json]],
	['body n == 3.0', true, [json]],
	['body n == "3"', false, [json]],
	['body n != 4', true, [json]],
	['body f == false', true, [json]],
	['body f isFalse', true, [json]],
	['body f isTrue', false, [json]],
	['body s == false', false, [json]],
	['body s isFalse', false, [json]],
	['body zero isFalse', false, [json]],
	['body nul == null', true, [json]],
	['body nope == null', false, [json]],
	['body nope != 3', false, [json]],
	['body list[1].x == y', true, [json]],
	['body list.length == 2', true, [json]],
	['body list contains 1', true, [json]],
	["body ['a b'] == 1", true, [json]],
	['body list == [1, {"x": "y"}]', true, [json]],
	['body level matches ^hi', true, [json]],
	['body level matches /^HI/i', true, [json]],
	['body level matches ^h$', false, [json]],
	['body level > 3', false, [json]],
	['body == 3', true, [message('3')]],
	['body == 3', true, [message('3.0')]],
	['body == hello', true, [message('hello')]],
	['body == ""', false, [message('x')]],
	['body contains ell', true, [message('hello')]],
	['body exists', true, [message('')]],
	['body exists', false, []],
	['body x exists', false, [message('text')]],
	['body == base64:/w==', true, [message(Uint8Array.of(255))]],
	['code == 2.04', true, [{ ...message(''), code: '2.04' }]],
	['code == 2.04', false, [message('')]],
	['duration < 200', true, []],
	['duration >= 200', false, []],
	['body __proto__ exists', false, [message('{}')]],
	['body toString exists', false, [message('{}')]],
	// Numbers by value, exactly.
	['body id == 1724442618569203715', false, [long]],
	['body id == 1724442618569203714', true, [long]],
	['body id == 1724442618569203714.0', true, [long]],
	['body id == 172444261856920371.4e1', true, [long]],
	['body id != 1724442618569203715', true, [long]],
	['body id < 1724442618569203715', true, [long]],
	['body id <= 1724442618569203713', false, [long]],
	['body id == "1724442618569203714"', false, [long]],
	['body == {"id": 1724442618569203715, "t": 22}', false, [long]],
	['body == {"t": 22.0, "id": 1724442618569203714}', true, [long]],
	['body list == [1724442618569203715]', false, [message('{"list":[1724442618569203714]}')]],
	['body list contains 1724442618569203715', false, [message('{"list":[1724442618569203714]}')]],
	['body list contains 1724442618569203714', true, [message('{"list":[1724442618569203714]}')]],
	['body == 1724442618569203715', false, [message('1724442618569203714')]],
	['message[0] header id == 1724442618569203715', false, [message('', [['id', '1724442618569203714']])]],
	['message[0] header id > 1724442618569203713', true, [message('', [['id', '1724442618569203714']])]],
	['message[0] topic == 1724442618569203715', false, [message('', [], '1724442618569203714')]],
	['body n == 1e400', true, [message('{"n":10e399}')]],
	['body n == 1e401', false, [message('{"n":1e400}')]],
	['body n < 1e999999999999999999999', true, [message('{"n":1e400}')]],
	['body n == 0', true, [message('{"n":-0}')]],
	['body n == 0.30000000000000004', false, [message('{"n":0.3}')]],
	// Text is a number only where nothing says that it is text.
	['body s == 7', false, [message('{"s":"07"}')]],
	['body s == 07', true, [message('{"s":"07"}')]],
	['body s == "07"', true, [message('{"s":"07"}')]],
	['body s == 7', false, [message('{"s":"7"}')]],
	// What is less or greater is a number, wherever it stands.
	['body s > 1724442618569203714', true, [message('{"s":"1724442618569203715"}')]],
	['body s >= 7', false, [message('{"s":"seven"}')]],
	['body n == 07', true, [message('{"n":7}')]],
	['body == 7', true, [message('07')]],
	['body == "7"', false, [message('07')]],
	['body == "07"', true, [message('07')]],
	['message[0] header n == 1e2', true, [message('', [['n', '100']])]],
	['message[0] header n == 100', false, [message('', [['n', '0x64']])]],
	['message[0] header n >= 9', false, [message('', [['n', '']])]],
	// The body as it came.
	['body contains "t": 22', true, [message('{"t": 22}')]],
	['body contains "t":22', false, [message('{"t": 22}')]],
	['body contains "t": 22', true, [message('[{"t": 22}]')]],
	['body startsWith {"t": 2', true, [message('{"t": 22}')]],
	['body endsWith  22}', true, [message('{"t": 22}')]],
	['body matches "t": +22', true, [message('{"t":  22}')]],
	['body contains 127.0', true, [message('{"t":127.0}')]],
	['body contains \\u00e4', true, [message('{"t":"\\u00e4"}')]],
	['body a contains "t": 22', true, [message('{"a":{"t": 22}}')]],
	['body a.t matches ^2\\.50$', true, [message('{"a":{"t": 2.50}}')]],
	['body a contains ä', true, [message('{"a":"\\u00e4"}')]],
	['body list contains 1', false, [message('{"list":[12]}')]],
	['body contains {"x":1}', true, [message('[{"x": 1}]')]],
	['body contains 1', true, [message('[12]')]],
	['body $ contains 1', false, [message('[12]')]],
	['body $ contains 1', true, [message('[12, 1.0]')]],
	['body startsWith hel', true, [message('"hello"')]],
	['body startsWith "hel', true, [message('"hello"')]],
	['body a == 2', true, [message('{"a":1,"a":2}')]],
	['body a == 1', false, [message('{"a":1,"a":2}')]],
	['body a exists', false, [message(deep)]],
	['body contains [[[', true, [message(deep)]],
	['body == 1', false, [message(`${'1'.repeat(200_000)}x`)]],
];
for (const [line, passed, messages] of verdicts)
	test(`expects ${line} ${passed} of ${messages.length}`, () => {
		const { expectation } = parse(`SUB a\n?? ${line}`).sections[0]?.request?.assertions[0] ?? {};
		assert.ok(expectation, 'it is understood');
		const verdict = judge(expectation, expectation.value.text, { messages, ms: 100 }, match);
		assert.equal(verdict.passed, passed, JSON.stringify(verdict));
	});

test('a verdict shows what came, digits and all', () => {
	const shown = (line: string, body: string) => {
		const { expectation } = parse(`SUB a\n?? ${line}`).sections[0]?.request?.assertions[0] ?? {};
		assert.ok(expectation);
		const { actual, reason } = judge(expectation, expectation.value.text, { messages: [message(body)], ms: 1 }, match);
		return reason ?? actual;
	};
	const cases: [string, string, string][] = [
		['body n == 1', '{"n":127.0}', '127.0'],
		['body n == 1', '{"n":1724442618569203714}', '1724442618569203714'],
		['body a == 1', '{"a": { "b":-0, "b":1 }}', '{ "b":-0, "b":1 }'],
		['body a == 1', '{"a":"\\u00e4"}', '"ä"'],
		['body == 1', ' [ 1.0 ] ', ' [ 1.0 ] '],
		['body a > 1', '{"a":"x"}', 'body a is "x", which is not a number.'],
		['body a > x', '{"a":1}', 'body a cannot be compared to "x", which is not a number.'],
		[
			'body a exists',
			'{"a":1,}',
			'The body cannot be read as JSON. At line 1, column 8 the JSON needs a key in double quotes.',
		],
	];
	for (const [line, body, expected] of cases) assert.equal(shown(line, body), expected, line);
	assert.match(shown('body a exists', deep), /nested more than 1000 levels deep/);
});

const patterns: [string, string, boolean][] = [
	['abc', 'xxabcx', true],
	['^abc$', 'abc', true],
	['^abc$', 'abcd', false],
	['a.c', 'a\nc', false],
	['/a.c/s', 'a\nc', true],
	['(ab|cd)+$', 'xabcdab', true],
	['^(a|b)*c{2,3}$', 'ababcc', true],
	['^a{3}$', 'aa', false],
	['^a{2,}$', 'aaaa', true],
	['\\bfoo\\b', 'a foo b', true],
	['\\Bfoo', 'foo', false],
	['^[^x-z\\]]+$', 'ab]', false],
	['\\d+\\.\\d+', 'v1.25', true],
	['^\\p{Lu}\\u{1F600}$', 'É😀', true],
	['/^ÉA$/i', 'éa', true],
	['/^b$/m', 'a\nb\nc', true],
	['a??b', 'b', true],
	['(?:a(?<n>b)?)c', 'ac', true],
	['^$', '', true],
	['x*', '', true],
	['^(a|bb|ccc|)d$', 'cccd', true],
	['^(a|bb|ccc)d$', 'bbd', true],
	['^(a|bb|ccc)d$', 'ccd', false],
	['^(?:a|b(?:c|de|f)|g){2}$', 'bdeg', true],
	['^(a*)*$', 'aaab', false],
	['a(?=b)', 'ab', true],
	['(?<!a)b', 'ab', false],
	['^(.)\\1$', 'aa', true],
];
for (const [pattern, text, matches] of patterns)
	test(`matches ${pattern} in ${JSON.stringify(text)}`, () => {
		const read = readPattern(pattern);
		assert.ok('source' in read, JSON.stringify(read));
		assert.equal(match(read, text), matches);
	});

test('patterns that are not valid, and flags other than i, m and s, are refused', () => {
	for (const pattern of ['(', 'a{2,1}', '[b-a]', '(?<n>a)\\k<m>', '/a/g', '/a/ii'])
		assert.ok('problem' in readPattern(pattern), pattern);
});

test('a pattern that would take longer than the universe has existed is stopped, and the next one matches', () => {
	for (const [written, text] of [
		['^(a+)+$', `${'a'.repeat(50_000)}b`],
		['(x+x+)+y', 'x'.repeat(50_000)],
		['^(\\w+\\s?)*$', `${'a'.repeat(50_000)}!`],
	] as const) {
		const line = `body matches ${written}`;
		const { expectation } = parse(`SUB a\n?? ${line}`).sections[0]?.request?.assertions[0] ?? {};
		assert.ok(expectation, line);
		const { passed, reason } = judge(expectation, written, { messages: [message(text)], ms: 1 }, match);
		assert.equal(passed, false);
		assert.match(reason ?? '', /takes too long for this text/);
	}
	assert.equal(match({ source: '^a$', flags: 'u' }, 'a'), true);
});

test('a pattern and its text are data, never code', () => {
	const code = '").test("x"); throw 1; //`';
	assert.equal(match({ source: 'throw \\d', flags: 'u' }, code), true);
	assert.equal(match({ source: '"\\).+//`', flags: 'u' }, code), true);
});

test('paths', () => {
	const cases: [string, (string | number)[] | undefined][] = [
		['a.b[0].c', ['a', 'b', 0, 'c']],
		['$', []],
		['$.a', ['a']],
		['$[1]', [1]],
		['["x y"].z', ['x y', 'z']],
		['a..b', undefined],
		['a[', undefined],
		['a b', undefined],
		['$a', ['$a']],
	];
	for (const [text, path] of cases) assert.deepEqual(parsePath(text), path, text);
	const follow = (text: string, path: string) => {
		const body = parseJson(text);
		assert.ok('value' in body);
		return followPath(body.value, parsePath(path) ?? ['not a path'])?.source;
	};
	const found: [string, string, string | undefined][] = [
		['{"a":[{"b":127.0}]}', 'a[0].b', '127.0'],
		['{"a": { "b" : 1 } }', 'a', '{ "b" : 1 }'],
		['[1,2]', 'length', '2'],
		['[1,2]', '$', '[1,2]'],
		['{"0":1}', '[0]', '1'],
		['{"a":1,"a":2}', 'a', '2'],
		['{"__proto__":1}', '__proto__', '1'],
		['{"\\u0061":1}', 'a', '1'],
		['{}', 'constructor', undefined],
		['{}', 'length', undefined],
		['"ab"', 'length', undefined],
	];
	for (const [text, path, expected] of found) assert.equal(follow(text, path), expected, `${text} ${path}`);
});

test('one edit away', () => {
	const cases: [string, string | undefined][] = [
		['Retian', 'Retain'],
		['retai', 'Retain'],
		['Reetain', 'Retain'],
		['Qos', undefined],
		['Ret', undefined],
		['QoX', 'QoS'],
	];
	for (const [name, meant] of cases) assert.equal(oneEditAway(name, ['QoS', 'Retain', 'Content-Type']), meant, name);
});

test('header values are of their field: nothing is guessed', () => {
	const reserved = reservedFor('PUBLISH', describe('mqtt'));
	const cases: [string, string, unknown][] = [
		['qos', '1', 1],
		['QoS', '3', undefined],
		['QoS', '', undefined],
		['Retain', 'false', false],
		['retain', 'TRUE', true],
		['Retain', '0', undefined],
		['Retain', 'no', undefined],
		['Content-Type', 'a/b', 'a/b'],
		['contentType', 'a/b', 'a/b'],
		['content_type', 'a/b', 'a/b'],
		['Message-Expiry-Interval', '60', 60],
		['message-expiry', '60s', undefined],
		['message-expiry', '1.5', undefined],
		['Message-Expiry', '0x10', undefined],
		['Topic-Alias', '0', undefined],
	];
	for (const [name, text, expected] of cases) {
		const found = findReserved(name, reserved);
		assert.ok(found && 'field' in found.sets, name);
		const value = fieldValue(found.sets.field, text);
		assert.equal('value' in value ? value.value : undefined, expected, `${name}: ${text}`);
	}
	assert.equal(findReserved('X-Trace', reserved), undefined);
	assert.deepEqual(
		reservedFor('SUBSCRIBE', describe('mqtt')).map(({ name }) => name),
		['Connection', 'Host', 'QoS', 'No-Local', 'Retain-As-Published', 'Retain-Handling', 'Identifier'],
	);
});

/** Each names the one before twice: followed again and again, they would be millions. */
const doubling = Array.from({ length: 30 }, (_, at) => `@v${at + 1} = {{v${at}}}{{v${at}}}`).join('\n');
const secretCases: [string, string, string[]][] = [
	['through variables that double', `@v0 = {{$secret one}}\n${doubling}\n###\nPUB {{v30}}`, ['one']],
	['through variables in a circle', '@v = {{w}}{{$secret one}}\n@w = {{v}}\n###\nPUB {{v}}', ['one']],
	['its own only', '###\nPUB a\nX: {{$secret one}}\n###\nPUB b\nX: {{$secret two}}', ['two']],
	['through a variable', '@v = {{w}}\n@w = {{$secret one}}\n###\nPUB {{v}}', ['one']],
	['a variable that is not used', '@v = {{$secret one}}\n###\nPUB a', []],
	['of the request that it refers to', '###\n# @name r\nPUB {{$secret one}}\n###\nPUB {{r.body}}', ['one']],
	['of a signature', '###\nPUB a\nX: {{$hmac sha256 one}}', ['one']],
	['in the first lines', '# @connection {{$secret one}}\n###\nPUB a', ['one']],
	['all, where a file is read with its variables', '###\nPUB {{$secret one}}\n###\nPUB a\n\n<@ ./f', ['one']],
];
for (const [name, text, expected] of secretCases)
	test(`secrets that a request needs: ${name}`, () => {
		const file = parse(text);
		assert.deepEqual(neededSecretNames(file, file.sections.slice(-1)), expected);
	});
