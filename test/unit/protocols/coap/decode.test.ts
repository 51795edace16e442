import assert from 'node:assert/strict';
import test from 'node:test';
import { encode } from 'cbor2';
import { decodePayload } from '../../../../src/engine/decode/decode';
import { fittingDecodings } from '../../../../src/engine/decode/fits';

const decoded = (payload: Uint8Array | string, decoding: 'senml' | 'link-format') =>
	decodePayload(Buffer.from(payload), decoding, 1_000_000);

// The second example of RFC 8428, 5.1.3, shortened.
const pack = [
	{ bn: 'urn:dev:ow:10e2073a0108006:', bt: 1.276020076001e9, bu: 'A', bver: 5, n: 'voltage', u: 'V', v: 120.1 },
	{ n: 'current', t: -5, v: 1.2 },
	{ n: 'door', vb: true },
	{ n: 'said', vs: 'a "b"' },
	{ bv: 10, n: 'sum', v: 1, s: 7 },
];
const lines = [
	'urn:dev:ow:10e2073a0108006:voltage  120.1 V  2010-06-08T18:01:16.001Z',
	'urn:dev:ow:10e2073a0108006:current  1.2 A  2010-06-08T18:01:11.001Z',
	'urn:dev:ow:10e2073a0108006:door  true A  2010-06-08T18:01:16.001Z',
	'urn:dev:ow:10e2073a0108006:said  "a \\"b\\"" A  2010-06-08T18:01:16.001Z',
	'urn:dev:ow:10e2073a0108006:sum  11 A  sum 7  2010-06-08T18:01:16.001Z',
].join('\n');
const numbers = { bt: -3, bn: -2, bu: -4, bver: -1, bv: -5, n: 0, u: 1, v: 2, vs: 3, vb: 4, s: 5, t: 6 };
const inCbor = encode(
	pack.map(
		(record) => new Map(Object.entries(record).map(([name, value]) => [numbers[name as keyof typeof numbers], value])),
	),
);

test('SenML in JSON and in CBOR says the same, with what the base fields say put in', () => {
	assert.equal(decoded(JSON.stringify(pack), 'senml').text, lines);
	assert.equal(decoded(inCbor, 'senml').text, lines);
	assert.equal(decoded(inCbor, 'senml').problem, undefined);
});

test('SenML keeps the digits of its numbers, and adds base values exactly', () => {
	const source =
		'[{"n":"id","v":1724442618569203715},{"n":"t","v":127.0},{"n":"big","v":1e400},{"bn":"x/","bv":0.1,"n":"a","v":0.2},{"bv":1724442618569203714,"n":"b","v":1,"s":2.50},{"bv":1e999,"n":"c","v":1}]';
	assert.equal(
		decoded(source, 'senml').text,
		'id  1724442618569203715\nt  127.0\nbig  1e400\nx/a  0.3\nx/b  1724442618569203715  sum 2.50\nx/c  1 + 1e999',
	);
	const inBinary = encode([
		new Map<number, unknown>([
			[-5, 1724442618569203714n],
			[0, 'b'],
			[2, 1],
		]),
		new Map<number, unknown>([
			[-5, 0],
			[0, 'c'],
			[2, -1724442618569203715n],
		]),
	]);
	assert.equal(decoded(inBinary, 'senml').text, 'b  1724442618569203715\nc  -1724442618569203715');
});

const wrong: [payload: Uint8Array | string, says: RegExp][] = [
	['[{"n":"a","v":"1"}]', /"v" is not a number/],
	['[{"n":"a","v":null}]', /"v" is not a number/],
	['[{"n":"a","v":[1]}]', /"v" is not a number/],
	['[{"n":"a","x_":1}]', /"x_" must be understood/],
	['[1]', /a list of records/],
	['[{', /Not valid JSON: The JSON ends/],
	['['.repeat(100_000), /nested more than 1000 levels/],
	[Uint8Array.of(0x81, 0x81, 0x01), /a list of records is expected/],
	[Uint8Array.of(0x81, 0xa1, 0x00), /too early/],
	[Uint8Array.of(0x9b, 255, 255, 255, 255, 255, 255, 255, 255), /too early/],
	[Uint8Array.of(0x80, 0x00), /Unexpected data after/],
];
for (const [payload, says] of wrong)
	test(`SenML that is none: ${says.source}`, () => assert.match(decoded(payload, 'senml').problem ?? '', says));

test('SenML cut at every byte never throws', () => {
	for (let at = 0; at < inCbor.length; at++) decoded(inCbor.subarray(0, at), 'senml');
});

test('links with their attributes, one under the other', () => {
	const { text, problem } = decoded('</a>;rt="x y";ct="0 50";obs,<coap://b/>;title="say \\"hi\\", you"', 'link-format');
	assert.equal(problem, undefined);
	assert.match(
		text,
		/^<\/a>\n {2}rt = "x y",\n {2}ct = "0 50" \(text\/plain;charset=utf-8, application\/json\),\n {2}obs\n/,
	);
	assert.match(text, /<coap:\/\/b\/>\n {2}title = "say \\"hi\\", you"/);
	assert.match(decoded('</a>;obs nonsense', 'link-format').problem ?? '', /At character 9/);
	assert.equal(decoded('', 'link-format').text, '');
	assert.equal(decoded('</a>;obs nonsense', 'link-format').text.replace(/\n+/g, '\n'), '</a>\n  obs\nnonsense');
});

test('the answer to a Bootstrap-Discover of LwM2M, whose list begins without a link', () => {
	for (const [list, expected] of [
		['lwm2m="1.0",</0/0>;ssid=101,</1/0>', 'lwm2m = "1.0"\n</0/0>\n  ssid = "101"\n</1/0>'],
		['lwm2m=1.0,</0/0>', 'lwm2m = "1.0"\n</0/0>'],
		['lwm2m="1.1";oscore , </0/0>', 'lwm2m = "1.1"\noscore\n</0/0>'],
		['lwm2m="1.0"', 'lwm2m = "1.0"'],
		['</>;lwm2m=1.0,</3>;pmin=10', '</>\n  lwm2m = "1.0"\n</3>\n  pmin = "10"'],
	] as const) {
		const { text, problem } = decoded(list, 'link-format');
		assert.deepEqual([text.replace(/,?\n+/g, '\n'), problem], [expected, undefined], list);
	}
	for (const list of ['no links', '<a', '</a>,lwm2m="1.0"']) {
		const { text, problem } = decoded(list, 'link-format');
		assert.ok(text.endsWith(list.replace('</a>,', '')), text);
		assert.match(problem ?? '', /a link in angle brackets is expected/);
	}
});

test('what a content format claims comes first', () => {
	const fits = (payload: Uint8Array | string, type: string) => fittingDecodings(Buffer.from(payload), type);
	assert.deepEqual(fits(JSON.stringify(pack), 'application/senml+json').slice(0, 2), ['senml', 'json']);
	assert.deepEqual(fits(inCbor, 'application/senml+cbor').slice(0, 2), ['senml', 'cbor']);
	assert.equal(fits('</a>;obs', 'application/link-format')[0], 'link-format');
	assert.ok(!fits('</a>;obs', 'application/link-format+json').includes('link-format'));
});
