import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { addDecimals, compareDecimals, fitsDouble } from '../../../src/model/json/decimal';
import { extendPath, followPath, leafPaths, parsePath } from '../../../src/model/json/path';
import { jsonProblem } from '../../../src/model/json/problem';
import { type Json, parseJson, sameJson } from '../../../src/model/json/value';

const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,30})$/);
const numberText = fc
	.tuple(
		fc.constantFrom('', '-'),
		digits,
		fc.stringMatching(/^(\.[0-9]{1,20})?$/),
		fc.stringMatching(/^([eE][+-]?[0-9]{1,25})?$/),
	)
	.map((parts) => parts.join(''));
const keyText = fc.oneof(
	fc.constantFrom('__proto__', 'constructor', 'a', '', 'a b', '\\', 'ä').map((name) => JSON.stringify(name)),
	fc.string({ unit: 'binary' }).map((name) => JSON.stringify(name)),
	fc.constant('"\\u0061"'),
);
const space = fc.stringMatching(/^[ \t\r\n]{0,2}$/);
const between = (parts: string[], gap: string) => parts.map((part) => `${gap}${part}${gap}`).join(',');
const { text: jsonText } = fc.letrec<{ text: string }>((tie) => ({
	text: fc.oneof(
		{ maxDepth: 4 },
		fc.oneof(numberText, keyText, fc.constantFrom('true', 'false', 'null')),
		fc.tuple(fc.array(tie('text'), { maxLength: 4 }), space).map(([items, gap]) => `[${between(items, gap)}]`),
		fc.tuple(fc.array(fc.tuple(keyText, tie('text')), { maxLength: 4 }), space).map(
			([members, gap]) =>
				`{${between(
					members.map(([name, value]) => `${name}${gap}:${gap}${value}`),
					gap,
				)}}`,
		),
	),
}));

/** The text of a value from its leaves, without white space. */
function printed(value: Json): string {
	if (value.kind === 'list') return `[${value.items.map(printed).join(',')}]`;
	if (value.kind !== 'map') return value.source;
	return `{${value.members.map(([name, one]) => `${JSON.stringify(name)}:${printed(one)}`).join(',')}}`;
}

const read = (text: string): Json => {
	const parsed = parseJson(text);
	assert.ok('value' in parsed, JSON.stringify(parsed));
	return parsed.value;
};

test('any JSON is read, says what JSON.parse says, and is kept as it was written', () => {
	fc.assert(
		fc.property(jsonText, space, (text, around) => {
			const value = read(around + text + around);
			assert.equal(value.source, text);
			assert.deepEqual(JSON.parse(printed(value)), JSON.parse(text));
			assert.equal(printed(read(printed(value))), printed(value));
			assert.ok(sameJson(value, read(printed(value))));
		}),
		{ numRuns: 1000 },
	);
});

test('a text that is changed anywhere is taken exactly if JSON.parse takes it, and nothing is thrown', () => {
	const piece = fc.oneof(
		fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '-', '.', 'e', '0', ' ', '\u0001'),
		fc.string(),
	);
	fc.assert(
		fc.property(jsonText, fc.nat(), fc.nat(3), piece, (text, place, less, more) => {
			const at = place % (text.length + 1);
			const changed = text.slice(0, at) + more + text.slice(at + less);
			let isJson = true;
			try {
				JSON.parse(changed);
			} catch {
				isJson = false;
			}
			assert.equal('value' in parseJson(changed), isJson, changed);
			assert.equal(jsonProblem(changed) === undefined, isJson, changed);
		}),
		{ numRuns: 3000 },
	);
});

test('any nesting is answered with a value or a sentence', () => {
	for (const [open, close] of [
		['[', ']'],
		['{"a":', '}'],
		[' [ 1, ', ']'],
	] as const) {
		const nested = (levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;
		assert.ok('value' in parseJson(nested(1000)));
		assert.ok(sameJson(read(nested(1000)), read(nested(1000))));
		for (const levels of [1001, 100_000, 1_000_000])
			assert.deepEqual(parseJson(nested(levels)), {
				problem: 'The JSON is nested more than 1000 levels deep, which is not supported.',
			});
		assert.ok('problem' in parseJson(open.repeat(100_000)));
		assert.equal(jsonProblem(nested(1_000_000)), undefined);
	}
});

test('of a doubled name the last member counts; the text keeps both', () => {
	const value = read('{"a":1,"b":{"c":1},"a":2,"b":{}}');
	assert.ok(sameJson(value, read('{"b":{},"a":2}')));
	assert.ok(!sameJson(value, read('{"b":{},"a":1}')));
	assert.equal(value.source, '{"a":1,"b":{"c":1},"a":2,"b":{}}');
	assert.ok(!sameJson(read('{"__proto__":1}'), read('{}')));
	assert.ok(!sameJson(read('{"toString":1}'), read('{"constructor":1}')));
});

const places = 40;
/** A number of at most 20 decimals and an exponent within ±20, as an integer of 10^-40. */
const scaled = (
	{ whole, fraction, exponent }: { whole: bigint; fraction: string; exponent: number },
	isNegative: boolean,
) => {
	const value = BigInt(`${whole}${fraction}`) * 10n ** BigInt(places - fraction.length + exponent);
	return isNegative ? -value : value;
};
const decimal = fc
	.record({
		whole: fc.bigInt({ min: 0n, max: 10n ** 25n }),
		fraction: fc.stringMatching(/^[0-9]{0,20}$/),
		exponent: fc.integer({ min: -20, max: 20 }),
	})
	.chain((parts) =>
		fc.record({
			parts: fc.constant(parts),
			isNegative: fc.boolean(),
			e: fc.constantFrom('e', 'E'),
			plus: fc.boolean(),
		}),
	)
	.map(({ parts, isNegative, e, plus }) => {
		const exponent = parts.exponent === 0 ? '' : `${e}${plus && parts.exponent > 0 ? '+' : ''}${parts.exponent}`;
		const text = `${isNegative ? '-' : ''}${parts.whole}${parts.fraction ? `.${parts.fraction}` : ''}${exponent}`;
		return { text, value: scaled(parts, isNegative) };
	});

test('numbers are compared as integers of any size are', () => {
	const sign = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
	fc.assert(
		fc.property(decimal, decimal, (a, b) => {
			assert.equal(Math.sign(compareDecimals(a.text, b.text) ?? Number.NaN), sign(a.value, b.value));
			// The same value in another notation, and its neighbor.
			assert.equal(compareDecimals(a.text, `${a.value}e-${places}`), 0);
			assert.equal(Math.sign(compareDecimals(a.text, `${a.value + 1n}e-${places}`) ?? 0), -1);
		}),
		{ numRuns: 2000 },
	);
});

test('sums are those of integers of any size', () => {
	fc.assert(
		fc.property(decimal, decimal, (a, b) => {
			const sum = addDecimals(a.text, b.text);
			assert.ok(sum !== undefined);
			assert.match(sum, /^-?\d+(\.\d*[1-9])?$/);
			assert.equal(compareDecimals(sum, `${a.value + b.value}e-${places}`), 0);
		}),
	);
	const cases: [string, string, string | undefined][] = [
		['0.1', '0.2', '0.3'],
		['-0.5', '0.5', '0'],
		['1e401', '1', undefined],
		['1e-999999999999999999', '1', undefined],
		['1e20', '-1', '99999999999999999999'],
		['x', '1', undefined],
	];
	for (const [a, b, expected] of cases) assert.equal(addDecimals(a, b), expected, `${a} ${b}`);
});

test('numbers at the edges', () => {
	const cases: [string, string, number | undefined][] = [
		['0', '-0.000e999999999999999999999', 0],
		['1e400', '10e399', 0],
		['1e400', '1e401', -1],
		['-1e999999999999999999999999', '-1e-999999999999999999999999', -1],
		['1e-400', '0', 1],
		['+1', '1.', 0],
		['.5', '0.50', 0],
		['007', '7', 0],
		[`1e${'9'.repeat(1000)}`, `1e${'9'.repeat(999)}8`, 1],
		[`1e${'9'.repeat(1001)}`, '1', undefined],
		['', '0', undefined],
		['0x10', '16', undefined],
		['1e', '1', undefined],
		['.', '0', undefined],
		['Infinity', '1', undefined],
		['1_000', '1000', undefined],
		['1'.repeat(200_000), '1'.repeat(200_001), -1],
		[`1${'0'.repeat(200_000)}1`, `1${'0'.repeat(200_000)}2`, -1],
		[`${'1'.repeat(200_000)}x`, '1', undefined],
	];
	for (const [a, b, expected] of cases) {
		const order = compareDecimals(a, b);
		assert.equal(order === undefined ? undefined : Math.sign(order), expected, `${a.slice(0, 50)} ${b.slice(0, 50)}`);
	}
	const enormous = `1e${'9'.repeat(5_000_000)}`;
	assert.ok(sameJson(read(enormous), read(enormous)));
	assert.ok(!sameJson(read(enormous), read(`${enormous}9`)));
	const exact: [string, boolean][] = [
		['0.1', true],
		['9007199254740992', true],
		['9007199254740993', false],
		['127.0', true],
		['1e400', false],
		['1e-400', false],
	];
	for (const [source, fits] of exact) assert.equal(fitsDouble(source), fits, source);
});

test('the paths of strings and numbers lead back to them, whatever the names are', () => {
	const text = `{"a":1,"b":{"c d":"x","e":[true,{"f=g":2}],"":3,"q\\"'":4},"n":null,"a":5,"__proto__":{"x":6}}`;
	const read = parseJson(text);
	assert.ok('value' in read);
	const paths = leafPaths(read.value, 100);
	// A name with both kinds of quotes has no path.
	assert.deepEqual(paths, ['a', 'b["c d"]', 'b.e[1]["f=g"]', 'b[""]', '__proto__.x']);
	const values = paths.map((path) => followPath(read.value, parsePath(path) ?? [])?.source);
	assert.deepEqual(values, ['5', '"x"', '2', '3', '6']);
	assert.equal(leafPaths(read.value, 2).length, 2);
	const deep = parseJson(`${'['.repeat(900)}1${']'.repeat(900)}`);
	assert.deepEqual('value' in deep && leafPaths(deep.value, 100), []);
	assert.equal(extendPath(extendPath('', 0), 'a'), '[0].a');
});
