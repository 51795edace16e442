import assert from 'node:assert/strict';
import test from 'node:test';
import {
	encodePayload,
	fromBase64,
	fromHex,
	type PayloadFormat,
	recognizedFormat,
	toBase64,
	toHex,
	toText,
	writePayload,
} from '../../../src/model/contracts/payload';
import { jsonProblem } from '../../../src/model/json/problem';

const good: [PayloadFormat, string, number[]][] = [
	['hex', 'ff80', [0xff, 0x80]],
	['hex', 'FF 80\n00', [0xff, 0x80, 0]],
	['hex', '0xff, 0x80', [0xff, 0x80]],
	['hex', 'de:ad-be', [0xde, 0xad, 0xbe]],
	['hex', '', []],
	['base64', 'gA==', [0x80]],
	['base64', 'gA', [0x80]],
	['base64', '-_-_', [0xfb, 0xff, 0xbf]],
	['base64', 'AA\nAA', [0, 0, 0]],
	['text', 'é\u{1f600}', [0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80]],
	['text', '\ufeffa', [0xef, 0xbb, 0xbf, 0x61]],
	['json', ' {"a": 1 }\n', [0x20, 0x7b, 0x22, 0x61, 0x22, 0x3a, 0x20, 0x31, 0x20, 0x7d, 0x0a]],
];
for (const [format, text, bytes] of good) {
	test(`${format} ${JSON.stringify(text)} is ${bytes.length} bytes`, () => {
		assert.deepEqual(encodePayload(format, text), { bytes: Uint8Array.from(bytes) });
	});
}

const broken: [PayloadFormat, string, number][] = [
	['hex', 'fff', 2],
	['hex', 'f f', 0],
	['hex', 'fg', 1],
	['base64', 'A', 0],
	['base64', 'AB', 1],
	['base64', 'AA==A', 4],
	['base64', 'AA=', 2],
	['base64', 'AAA*', 3],
	['text', 'a\ud800', 1],
	['json', '{"a":1,}', 7],
	['json', '{"a" 1}', 5],
	['json', "{'a':1}", 1],
	['json', '[1 2]', 3],
	['json', '01', 1],
	['json', '"a\nb"', 2],
	['json', '"a\\x"', 2],
	['json', '"a', 2],
	['json', '\ufeff1', 0],
	['json', '{}x', 2],
	['json', '[', 1],
	['json', '   ', 3],
];
for (const [format, text, at] of broken) {
	test(`${format} ${JSON.stringify(text)} is wrong at ${at}`, () => {
		const encoded = encodePayload(format, text);
		assert.ok('problem' in encoded, 'it has a problem');
		assert.equal(encoded.at, at);
		assert.match(encoded.problem, /^[A-Z"].*\.$/);
	});
}

for (const [format, texts] of [
	[
		'json',
		[
			'{"a":1}',
			'{"a":1,}',
			' [1,  2]',
			'{}',
			'[]',
			'{ "a"',
			"{'a': 1}",
			'{a: 1}',
			'[{"a"',
			'[[1,2],[3]]',
			'[true, x',
			'[-1.5e3, "a"]',
			'[1,',
		],
	],
	[
		'text',
		[
			'',
			'open',
			'hello {you}',
			'[note] done',
			'[1] see below',
			'[[wiki]] page',
			'{{name}}',
			'{smile}',
			':-{',
			'{',
			'[',
			'"a"',
			'12',
			'true',
			'<a/>',
			'null, was it?',
		],
	],
] as const)
	for (const text of texts)
		test(`${JSON.stringify(text)} is taken for ${format}`, () => assert.equal(recognizedFormat(text), format));

/** A small generator with a fixed seed: the same cases in every run. */
function randoms(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

test('10,000 random payloads come back byte for byte in every way they are written', () => {
	const random = randoms(7);
	for (let turn = 0; turn < 10_000; turn++) {
		const bytes = Uint8Array.from({ length: Math.floor(random() * 40) }, () =>
			Math.floor(random() * (turn % 2 ? 256 : 128)),
		);
		assert.deepEqual(fromHex(toHex(bytes)), { bytes });
		assert.deepEqual(fromBase64(toBase64(bytes)), { bytes });
		assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
		const written = writePayload(bytes);
		assert.deepEqual(encodePayload(written.format, written.text), { bytes });
	}
});

test('a character of four bytes, cut anywhere, is shown as bytes and not as text', () => {
	const whole = new TextEncoder().encode('a\u{1f600}');
	for (let end = 2; end < whole.length; end++) {
		assert.equal(toText(whole.subarray(0, end)), undefined);
		assert.equal(writePayload(whole.subarray(0, end)).format, 'hex');
	}
	assert.equal(writePayload(whole).text, 'a\u{1f600}');
});

test('the JSON check agrees with JSON.parse on 20,000 broken and whole texts', () => {
	const random = randoms(11);
	const seeds = [
		'{"a":[1,-2.5e3,true,null,"x\\u00e9\\n"],"b":{}}',
		'[[],{},"",0.1,{"":[{}]}]',
		'"a"',
		'-0',
		' [ 1 , 2 ] ',
	];
	const alphabet = '{}[],:"\\ \n\t01.-+eEtrufalsn\u0001x';
	for (let turn = 0; turn < 20_000; turn++) {
		const seed = seeds[turn % seeds.length] ?? '';
		const at = Math.floor(random() * (seed.length + 1));
		const text =
			seed.slice(0, at) +
			(alphabet[Math.floor(random() * alphabet.length)] ?? '') +
			seed.slice(at + Math.floor(random() * 2));
		let parses = true;
		try {
			JSON.parse(text);
		} catch {
			parses = false;
		}
		assert.equal(jsonProblem(text) === undefined, parses, JSON.stringify(text));
	}
});

test('nesting a million deep is checked without running out of stack', () => {
	assert.equal(jsonProblem('['.repeat(1_000_000) + ']'.repeat(1_000_000)), undefined);
});

test('a string of ten million characters is checked', () => {
	assert.equal(jsonProblem(`"${'x\\n'.repeat(3_000_000)}"`), undefined);
});
