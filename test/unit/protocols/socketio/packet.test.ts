import assert from 'node:assert/strict';
import test from 'node:test';
import { readPacket, splitEvent, writeHead } from '../../../../src/protocols/socketio/wire/packet';

const read = (text: string) => {
	const { data, ...head } = readPacket(Buffer.from(text), 0);
	return { ...head, data: data.toString() };
};
const packet = (change: object) => ({ type: 2, attachments: 0, namespace: '/', id: undefined, data: '', ...change });

const good: [text: string, expected: object][] = [
	['2["a"]', { data: '["a"]' }],
	['2/chat,["a"]', { namespace: '/chat', data: '["a"]' }],
	['2/chat,12["a"]', { namespace: '/chat', id: '12', data: '["a"]' }],
	['212["a"]', { id: '12', data: '["a"]' }],
	['2123456789012345678901["a"]', { id: '123456789012345678901', data: '["a"]' }],
	['51-["a",{"_placeholder":true,"num":0}]', { type: 5, attachments: 1, data: '["a",{"_placeholder":true,"num":0}]' }],
	['612-/ä/b,3[]', { type: 6, attachments: 12, namespace: '/ä/b', id: '3', data: '[]' }],
	['0', { type: 0 }],
	['0/chat', { type: 0, namespace: '/chat' }],
	['0/chat?token=x,', { type: 0, namespace: '/chat' }],
	['0{"sid":"x"}', { type: 0, data: '{"sid":"x"}' }],
	['1/chat,', { type: 1, namespace: '/chat' }],
	['4"Invalid namespace"', { type: 4, data: '"Invalid namespace"' }],
];
for (const [text, expected] of good) test(`packet: ${text}`, () => assert.deepEqual(read(text), packet(expected)));

for (const text of [
	'',
	'7["a"]',
	'x',
	'5["a"]',
	'5-["a"]',
	'50-["a"]',
	'510001-["a"]',
	`2/${'n'.repeat(1001)},["a"]`,
	`2${'1'.repeat(41)}[]`,
])
	test(`packet: refuses ${text.slice(0, 20)}`, () => assert.throws(() => read(text), /server/));

const split = (text: string) => {
	const { args, ...event } = splitEvent(Buffer.from(text), new Map());
	return { ...event, args: args.toString() };
};
const events: [text: string, name: string, args: string, isNumbered?: true][] = [
	['["a"]', 'a', '[]'],
	['["a",1]', 'a', '[1]'],
	['["a",1.50,{"b" : [12345678901234567890]}]', 'a', '[1.50,{"b" : [12345678901234567890]}]'],
	['["a" , 1 ]', 'a', '[ 1 ]'],
	['[ "a" ]', 'a', '[]'],
	['["a\\"],[",1]', 'a"],[', '[1]'],
	['["\\u00e9\\\\",1]', 'é\\', '[1]'],
	['["/x%",1]', '/x%', '[1]'],
	['["",1]', '', '[1]'],
	['[7,1]', '7', '[1]', true],
	['[7]', '7', '[]', true],
	[`["${'n'.repeat(300)}",1]`, 'n'.repeat(300), '[1]'],
];
for (const [text, name, args, isNumbered = false] of events)
	test(`event: ${text.slice(0, 40)}`, () => assert.deepEqual(split(text), { name, args, isNumbered }));

for (const text of [
	'',
	'[]',
	'[',
	'["a',
	'["a"',
	'["a"1]',
	'[{}]',
	'[null]',
	'[true,1]',
	'["a\\]',
	'{"a":1}',
	'["\\x"]',
	'[,]',
	'[1e999]',
])
	test(`event: refuses ${text}`, () => assert.throws(() => split(text), /event without a name/));

test('event: a name is read from the cache as it was parsed', () => {
	const names = new Map();
	for (let at = 0; at < 2; at++) assert.equal(splitEvent(Buffer.from('["\\u0061",1]'), names).name, 'a');
	assert.equal(names.size, 1);
});

test('head: with and without namespace, id and attachments', () => {
	assert.equal(writeHead({ type: 2, namespace: '/' }), '2');
	assert.equal(writeHead({ type: 5, namespace: '/chat', attachments: 2, id: '7' }), '52-/chat,7');
});
