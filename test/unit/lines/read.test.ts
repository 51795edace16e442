import assert from 'node:assert/strict';
import test from 'node:test';
import { createLineReader, type LineMessage } from '../../../src/lines/read';
import { toLine } from '../../../src/lines/write';
import { describe } from '../../../src/protocols/descriptions';

const description = describe('mqtt');
assert.ok(description?.verbs[0]);
const { verbs } = description;
const [verb] = verbs;
const read = (line: string | Uint8Array): LineMessage => {
	assert.ok(verb);
	return createLineReader(verb)(Buffer.from(line)) as LineMessage;
};
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('a payload that is not a string is sent as it is written', () => {
	const payloads = [
		'1724442618569203715',
		'127.0',
		'-0',
		'1e400',
		'null',
		'{ "b":1, "a":[1.0,  2], "b":2 }',
		'{"__proto__":{"x":"\\u00e4"}}',
		'{"id":1724442618569203714}',
	];
	for (const payload of payloads) assert.equal(text(read(`{"target":"a","payload": ${payload} }`).payload), payload);
	assert.equal(text(read('{"payload":"\\u00e4"}').payload), 'ä');
	// Of a doubled name the last counts, as everywhere.
	assert.equal(text(read('{"payload":1,"payload":2.0}').payload), '2.0');
});

test('options keep their types and values', () => {
	const { values, target } = read(
		'{"target":"a","payload":"","qos":1,"retain":true,"userProperties":[["a","1"],["a","2"]]}',
	);
	assert.equal(target, 'a');
	assert.deepEqual(values, {
		qos: 1,
		retain: true,
		userProperties: [
			['a', '1'],
			['a', '2'],
		],
	});
});

const wrong: [string | Uint8Array, RegExp][] = [
	['1', /no JSON object/],
	['[]', /no JSON object/],
	['{"payload":1,}', /no JSON object/],
	['['.repeat(100_000), /no JSON object/],
	[Uint8Array.of(0xff), /not UTF-8/],
	['{}', /needs either/],
	['{"payload":1,"base64":"AA=="}', /needs either/],
	['{"payload":"","base64":null}', /needs either/],
	['{"base64":1}', /"base64" is not a text/],
	['{"base64":"?"}', /"base64": "\?" is not a Base64 character/],
	['{"payload":"","target":1}', /"target" is not a text/],
	['{"payload":"","nope":1}', /"nope" is not known here/],
	['{"payload":"","__proto__":1}', /"__proto__" is not known here/],
	['{"payload":"","qos":"1"}', /"qos": one of/],
	['{"payload":"","messageExpiry":{"a":1}}', /"messageExpiry": a number/],
	['{"payload":"","messageExpiry":3.00000000000000000001}', /"messageExpiry": 3\.00000000000000000001 has more digits/],
	['{"payload":"","messageExpiry":1e400}', /"messageExpiry": 1e400 has more digits/],
	['{"payload":"\\ud800"}', /"payload" has half a character/],
	['{"payload":"","target":"\\ud800"}', /"target" has half a character/],
];
for (const [line, says] of wrong)
	test(`a line that is refused: ${says.source} ${line.slice(0, 40)}`, () => assert.throws(() => read(line), says));

test('what is written by listen is read by publish as the same message', () => {
	const payloads = [
		Buffer.from('{"id":1724442618569203715,"t":127.0,"t":-0}'),
		Buffer.of(0xff, 0),
		Buffer.from('\ufeffä\u2028'),
	];
	for (const payload of payloads) {
		const line = toLine(description, { target: 'a/b', payload, flags: 0 }, 0);
		const { target, payload: again } = read(line);
		assert.equal(target, 'a/b');
		assert.deepEqual(Buffer.from(again), payload);
	}
});
