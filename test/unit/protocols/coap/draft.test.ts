import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import type { Values } from '../../../../src/model/profile/field';
import { formatName, formatNumber } from '../../../../src/model/text/content-formats';
import { readLinks } from '../../../../src/model/text/link-format';
import { resourcesOf } from '../../../../src/protocols/coap/browse/resources';
import { codeInWords, codeOf, codeText, flagsOf, lateFlag } from '../../../../src/protocols/coap/describe/codes';
import { coap } from '../../../../src/protocols/coap/describe/describe';
import { checkTarget, normal } from '../../../../src/protocols/coap/describe/target';
import { requestOf } from '../../../../src/protocols/coap/messages/draft';
import { find, findUint, optionText, uintBytes } from '../../../../src/protocols/coap/wire/options';

const draft = (values: Values, target = 'a', verb = 'put', payload = 'x') => ({
	...{ verb, target, values },
	payload: Buffer.from(payload),
});
const shown = (values: Values, target?: string, profile: Values = {}) =>
	requestOf(draft(values, target), profile).options.map(
		({ number, value }) => `${number} ${Buffer.from(value).toString('hex')}`,
	);
const hex = (text: string) => Buffer.from(text).toString('hex');

const options: [values: Values, target: string, expected: string[]][] = [
	[{}, '/', []],
	[{}, '', []],
	[{}, '/a/b', [`11 ${hex('a')}`, `11 ${hex('b')}`]],
	[{}, 'a//b/', [`11 ${hex('a')}`, '11 ', `11 ${hex('b')}`, '11 ']],
	[{}, '/%2F%20%C3%A4?x=1%26&y', [`11 ${hex('/ ä')}`, `15 ${hex('x=1&')}`, `15 ${hex('y')}`]],
	[{ query: ['z=2'] }, 'a?x', [`11 ${hex('a')}`, `15 ${hex('x')}`, `15 ${hex('z=2')}`]],
	[{ contentFormat: 'json', accept: '60' }, 'a', [`11 ${hex('a')}`, '12 32', '17 3c']],
	[{ contentFormat: 'text/plain' }, 'a', [`11 ${hex('a')}`, '12 ']],
	[{ ifMatch: ['', '0102'], etag: ['ff'], ifNoneMatch: true }, '/', ['1 ', '1 0102', '4 ff', '5 ']],
	[
		{
			uriHost: 'h',
			options: [
				['2048', '01 ff'],
				['4', 'aa'],
			],
		},
		'/',
		[`3 ${hex('h')}`, '4 aa', '2048 01ff'],
	],
];
for (const [values, target, expected] of options)
	test(`options of ${target} with ${JSON.stringify(values)}`, () => assert.deepEqual(shown(values, target), expected));

test('what the connection says counts where the message says nothing', () => {
	assert.deepEqual(shown({}, '/', { uriHost: 'own' }), [`3 ${hex('own')}`]);
	assert.deepEqual(shown({ uriHost: 'other' }, '/', { uriHost: 'own' }), [`3 ${hex('other')}`]);
	assert.equal(requestOf(draft({}), { blockSize: 64 }).szx, 2);
	assert.equal(requestOf(draft({ blockSize: 16 }), { blockSize: 64 }).szx, 0);
	assert.equal(requestOf(draft({ type: 'non' }), {}).confirmable, false);
});

const wrong: [made: ReturnType<typeof draft>, says: RegExp][] = [
	[draft({}, 'a', 'get'), /GET carries no payload/],
	[draft({}, 'a', 'publish'), /has no verb "publish"/],
	[draft({}, 'a', '__proto__'), /has no verb/],
	[draft({}, 'coap://h/a'), /Enter only path and query/],
	[draft({}, 'a#b'), /no fragment/],
	[draft({}, '%4'), /percent sign/],
	[draft({}, 'a/../b'), /"\." or "\.\."/],
	[draft({}, 'x'.repeat(256)), /more than 255 bytes/],
	[draft({ accept: '65536' }), /Accept: no content format/],
	[draft({ etag: ['0'] }), /ETag: The number of hexadecimal digits is odd/],
	[draft({ etag: [''] }), /ETag has 0 bytes; 1 to 8/],
	[draft({ ifMatch: ['000000000000000000'] }), /If-Match has 9 bytes/],
	[draft({ options: [['65536', '']] }), /not an option number/],
	[draft({ options: [['11', 'x']] }), /Option 11: "x" is not a hexadecimal digit/],
	[draft({ options: [['2048', '00'.repeat(33_000)]] }), /options take 33/],
];
for (const [made, says] of wrong)
	test(`is refused before anything is sent: ${says.source}`, () => {
		assert.throws(
			() => requestOf(made, {}),
			(error) => error instanceof FailureError && says.test(error.message),
		);
	});

test('every verb has the description that a form needs, and every code its words', () => {
	for (const { id, checkTarget: check } of coap.verbs)
		if (id !== 'ping') assert.deepEqual([check('a'), typeof check('#')], [undefined, 'string'], id);
	for (const text of ['2.05', '4.04', '5.08']) {
		assert.equal(codeText(codeOf(text)), text);
		assert.match(codeInWords(codeOf(text)), new RegExp(`^${text} [A-Z]`));
	}
	assert.equal(codeInWords(codeOf('4.30')), '4.30 client error');
	const [code, type] = coap.columns;
	assert.equal(code?.text(flagsOf(codeOf('4.04'), 2, false)), '4.04');
	assert.equal(code?.text(flagsOf(7, 0, true) | 1), 'iPATCH');
	assert.equal(code?.text(flagsOf(0, 0, true) | 1), 'ping');
	assert.equal(code?.text(flagsOf(codeOf('2.30'), 0, false)), '?');
	assert.equal(type?.text(flagsOf(codeOf('2.05'), 1, false)), 'NON');
	for (const flags of [flagsOf(codeOf('5.08'), 3, false), flagsOf(7, 3, true)]) assert.equal(flags & lateFlag, 0);
});

test('options in words', () => {
	const words = (number: number, ...bytes: number[]) => optionText({ number, value: Uint8Array.from(bytes) });
	assert.equal(words(12, 60), '60 (application/cbor)');
	assert.equal(words(17), '0 (text/plain;charset=utf-8)');
	assert.equal(words(14, 1, 0), '256 s');
	assert.equal(words(23, 0x1e), 'number 1, more follow, 1024 bytes');
	assert.equal(words(23), 'number 0, the last, 16 bytes');
	assert.equal(words(27, 1, 2, 3, 4), '0x01020304 (ignored: longer than the 3 bytes that are allowed)');
	assert.equal(words(4, 0xab), '0xab');
	assert.equal(words(9999), 'empty');
	assert.equal(findUint([{ number: 14, value: new Uint8Array(5) }], 14), undefined);
	assert.deepEqual(find([{ number: 4, value: uintBytes(258) }], 4), Uint8Array.of(1, 2));
});

test('content formats by name and by number', () => {
	for (const [text, number] of [
		['application/cbor', 60],
		['CBOR', 60],
		['text/plain', 0],
		['text/plain; charset=utf-8', 0],
		['senml+json', 110],
		['65535', 65_535],
	] as const)
		assert.equal(formatNumber(text), number, text);
	for (const text of ['', 'nonsense', '-1', '65536', '1e3']) assert.equal(formatNumber(text), undefined, text);
	assert.equal(formatName(110), 'application/senml+json');
});

test('a target is filed without its slash', () => {
	for (const [given, filed] of [
		['/a/b', 'a/b'],
		['a', 'a'],
		['/', '/'],
		['', '/'],
		['/?q', '?q'],
	] as const)
		assert.equal(normal(given), filed);
	assert.equal(checkTarget('/a/b?c=d'), undefined);
});

test('links as a tree', () => {
	const { links } = readLinks(
		'</>;ct=0,</a/b>;rt="x";ct="50 60";sz=9;obs,</a/b?q=/1>,</c/>,<coap://h/z>;rt=y,<//h/z>,</a>;title="A, \\"a\\""',
	);
	const tree = resourcesOf(links);
	const names = (parent?: string) =>
		tree.children(parent)?.map(({ name, kind, expandable }) => [name, kind, expandable]);
	assert.deepEqual(names(), [
		['/', 'resource', false],
		['a', 'resource', true],
		['c', 'path', true],
		['coap://h/z', 'elsewhere', false],
		['//h/z', 'elsewhere', false],
	]);
	assert.deepEqual(names('/a'), [
		['b', 'observable', false],
		['b?q=/1', 'resource', false],
	]);
	const [b] = tree.children('/a') ?? [];
	assert.equal(b?.description, 'x · application/json, application/cbor · observable');
	assert.deepEqual(b?.subscription, { target: 'a/b', mode: 'observe' });
	assert.equal(b?.properties?.find(({ label }) => label === 'Size (sz)')?.value, '9 bytes');
	assert.equal(tree.children('/a')?.[1]?.subscription, undefined);
	const [many] = resourcesOf(readLinks('</m>;rt=y;ct="0 50 60"').links).children(undefined) ?? [];
	assert.equal(many?.description, 'y · 3 formats');
	assert.equal(tree.children(undefined)?.[1]?.description, 'A, "a"');
	assert.equal(tree.children('/__proto__'), undefined);
	assert.deepEqual(tree.targets, ['/', 'a', 'a/b', 'a/b?q=/1', 'c/']);
});

test('hostile links end, and their names are shown, not obeyed', () => {
	assert.equal(readLinks('</a>;'.repeat(100)).links.length, 1);
	assert.equal(readLinks(Array(20_000).fill('</a>').join(',')).links.length, 10_000);
	for (const text of ['<', '</a', '</a>;x="', '</a>;x="\\', ',', '</a>,,', `</a>;x="${'\\"'.repeat(50_000)}`])
		readLinks(text);
	assert.deepEqual(resourcesOf(readLinks(`</${'a/'.repeat(1000)}>`).links).children(undefined), []);
	const [node] = resourcesOf(readLinks('</\u202egnp\u001b[0m>;title="\u202ex"').links).children(undefined) ?? [];
	assert.doesNotMatch(`${node?.name}${node?.description}`, /\p{Cf}|\p{Cc}/u);
	assert.deepEqual(resourcesOf(readLinks('</__proto__/toString>').links).targets, ['__proto__/toString']);
});
