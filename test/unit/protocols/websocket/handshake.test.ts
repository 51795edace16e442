import assert from 'node:assert/strict';
import test from 'node:test';
import type { Values } from '../../../../src/model/profile/field';
import type { Secrets } from '../../../../src/model/profile/profile';
import { handshake } from '../../../../src/protocols/websocket/wire/handshake';

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

const good: [string, Values, Secrets, Record<string, string | string[]>][] = [
	['nothing', {}, {}, {}],
	['a user', { username: 'ann' }, { password: 'pä:ss' }, { authorization: basic('ann:pä:ss') }],
	['a password alone', {}, { password: 'p' }, { authorization: basic(':p') }],
	['a token before a user', { username: 'ann' }, { token: 't', password: 'p' }, { authorization: 'Bearer t' }],
	['fields before headers', { headers: [['Authorization', 'x']] }, { token: 't' }, { authorization: 'Bearer t' }],
	['an own Authorization', { headers: [['Authorization', 'x']] }, {}, { authorization: 'x' }],
	[
		'two lines of one header',
		{
			headers: [
				['X-A', '1'],
				['x-a', '2'],
			],
		},
		{},
		{ 'x-a': ['1', '2'] },
	],
	[
		'cookies',
		{
			cookies: [
				['a', '1'],
				['b', '2'],
			],
		},
		{},
		{ cookie: 'a=1; b=2' },
	],
];
for (const [name, values, secrets, headers] of good)
	test(`handshake: ${name}`, () => assert.deepEqual(handshake(values, secrets).headers, headers));

test('handshake: a header may be named __proto__', () => {
	const { headers } = handshake({ headers: [['__proto__', 'x']] }, {});
	assert.deepEqual(Object.entries(headers), [['__proto__', 'x']]);
});

const bad: [string, Values, Secrets, RegExp][] = [
	['a header of the handshake', { headers: [['Sec-WebSocket-Key', 'x']] }, {}, /set by the WebSocket handshake/],
	['a second request', { headers: [['X', 'a\r\nY: b']] }, {}, /characters that HTTP does not allow/],
	['a name that is none', { headers: [['a b', 'x']] }, {}, /not a valid header name/],
	['a token of two lines', {}, { token: 'secret\nx' }, /^((?!secret).)*$/],
	['a user with a colon', { username: 'a:b' }, {}, /colon/],
	['a subprotocol with a comma', { subprotocols: ['a,b'] }, {}, /not a valid subprotocol/],
];
for (const [name, values, secrets, message] of bad)
	test(`handshake: refuses ${name}`, () => assert.throws(() => handshake(values, secrets), { message }));

test('handshake: says what signs in', () => {
	assert.equal(handshake({}, { token: 't0k' }).authentication, 'bearer token');
	assert.equal(handshake({ username: 'ann' }, { password: 'p' }).authentication, 'user name and password');
	assert.equal(handshake({}, {}).authentication, undefined);
});

test('handshake: subprotocols in their order, each once', () => {
	assert.deepEqual(handshake({ subprotocols: ['b', 'a', 'b'] }, {}).subprotocols, ['b', 'a']);
});
