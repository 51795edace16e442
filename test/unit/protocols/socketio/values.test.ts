import assert from 'node:assert/strict';
import test from 'node:test';
import { toArguments } from '../../../../src/protocols/socketio/describe/arguments';
import { socketio } from '../../../../src/protocols/socketio/describe/describe';
import { sioFlag } from '../../../../src/protocols/socketio/describe/flags';
import { decodeMeta, encodeMeta } from '../../../../src/protocols/socketio/describe/message-meta';
import { checkEvent, checkNamespace, parseTarget, targetOf } from '../../../../src/protocols/socketio/describe/target';
import { files } from '../../../../src/protocols/socketio/files/files';
import { authOf, endpointOf, requestPath } from '../../../../src/protocols/socketio/settings';

const targets: [target: string, namespace: string, event: string][] = [
	['message', '/', 'message'],
	['chat/message', '/chat', 'message'],
	['a/b/c d', '/a/b', 'c d'],
	['chat/room%2Fjoin', '/chat', 'room/join'],
	['100%25', '/', '100%'],
	['%252F', '/', '%2F'],
	['chat/', '/chat', ''],
];
for (const [target, namespace, event] of targets)
	test(`target: ${target}`, () => {
		assert.deepEqual(parseTarget(target), { namespace, event });
		assert.deepEqual(parseTarget(`/${target}`), { namespace, event });
		assert.equal(targetOf({ namespace, event }), target);
	});

test('target: every name of an event survives', () => {
	const parts = ['%', '2', 'F', 'f', '5', '/', 'a'];
	for (let number = 0; number < 7 ** 5; number++) {
		const event = Array.from({ length: 5 }, (_, at) => parts[Math.floor(number / 7 ** at) % 7]).join('');
		assert.deepEqual(parseTarget(targetOf({ namespace: '/n', event })), { namespace: '/n', event });
	}
});

test('target: what cannot be sent is refused in a sentence', () => {
	for (const wrong of ['', '/', 'chat/', 'disconnect', 'chat/connect_error', 'a,b/c'])
		assert.match(checkEvent(wrong) ?? '', /^.{10,}\.$/, wrong);
	for (const fine of ['a', 'a/b', 'a,b', 'disconnected']) assert.equal(checkEvent(fine), undefined, fine);
	assert.match(checkNamespace('/a,b') ?? '', /comma/);
	assert.match(checkNamespace('/a?b=1') ?? '', /query parameters of the connection/);
	assert.equal(checkNamespace('/a-b'), undefined);
});

const endpoints: [rest: string, values: object, path: string, namespace: string, query?: [string, string][]][] = [
	['', {}, '/socket.io/', '/'],
	['/', {}, '/socket.io/', '/'],
	['/chat', {}, '/socket.io/', '/chat'],
	[
		'/a/b?x=1&y=%20',
		{},
		'/socket.io/',
		'/a/b',
		[
			['x', '1'],
			['y', ' '],
		],
	],
	['/socket.io/?EIO=4&transport=websocket&sid=a&t=b&x=1', {}, '/socket.io/', '/', [['x', '1']]],
	['/socket.io', {}, '/socket.io/', '/'],
	['/app/socket.io/', {}, '/app/socket.io/', '/'],
	['/chat', { path: 'app/io' }, '/app/io/', '/chat'],
	['/app/io', { path: '/app/io' }, '/app/io/', '/'],
	['/chat', { path: '/' }, '/', '/chat'],
	['', { path: '/' }, '/', '/'],
	[
		'',
		{
			query: [
				['a', 'b&c'],
				['a', '2'],
			],
		},
		'/socket.io/',
		'/',
		[
			['a', 'b&c'],
			['a', '2'],
		],
	],
];
for (const [rest, values, path, namespace, query = []] of endpoints)
	test(`endpoint: "${rest}" ${JSON.stringify(values)}`, () =>
		assert.deepEqual(endpointOf(rest, values as never), { path, namespace, query }));

test('endpoint: parameters are encoded, those of Engine.IO last', () => {
	const path = requestPath({ path: '/s/', namespace: '/', query: [['a b', 'c&d']] }, { EIO: '4' });
	assert.equal(path, '/s/?a+b=c%26d&EIO=4');
	assert.equal(requestPath({ path: '/a b/ä\r\n/%20/', namespace: '/', query: [] }, {}), '/a%20b/%C3%A4%0D%0A/%20/?');
});

const auths: [values: object, secrets: Record<string, string>, json: string | undefined, query: string][] = [
	[{}, {}, undefined, ''],
	[{}, { authToken: 'a"b' }, '{"token":"a\\"b"}', 'token=a%22b'],
	[{ authName: 'key' }, { authToken: 't' }, '{"key":"t"}', 'key=t'],
	[{ auth: '{"room": 12345678901234567890}' }, {}, '{"room":12345678901234567890}', 'room=12345678901234567890'],
	[{ auth: '{"token":"old","a":"b"}' }, { authToken: 't' }, '{"a":"b","token":"t"}', 'a=b&token=t'],
];
for (const [values, secrets, json, query] of auths)
	test(`auth: ${JSON.stringify(values)} ${JSON.stringify(secrets)}`, () => {
		const auth = authOf(values as never, secrets);
		assert.deepEqual([auth.json, auth.query], [json, query]);
	});

test('auth: a payload that is no object is refused', () => {
	for (const auth of ['[1]', '"a"', '{'] as const) assert.throws(() => authOf({ auth }, {}), /not a JSON object/);
});

const one = Buffer.of(1);
const args: [payload: string, as: string, attachments: Buffer[], list: string, count?: number][] = [
	['', 'list', [], '[]'],
	['[]', 'list', [], '[]'],
	[`[${' '.repeat(200)}]`, 'list', [], '[]'],
	[' [1.0, {"a":1}] ', 'list', [], '[1.0, {"a":1}]'],
	['{"a":1.0}', 'list', [], '[{"a":1.0}]'],
	['"text"', 'list', [], '["text"]'],
	['[[1]]', 'list', [], '[[1]]'],
	['a "b"', 'text', [], '["a \\"b\\""]'],
	['raw', 'binary', [], '[{"_placeholder":true,"num":0}]', 1],
	['raw', 'binary', [one], '[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', 2],
	['', 'list', [one], '[{"_placeholder":true,"num":0}]'],
	['[ ]', 'list', [one], '[{"_placeholder":true,"num":0}]'],
	['["a"]', 'list', [one, one], '["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]'],
	[
		'[{"f": {"num":1,"_placeholder":true}}]',
		'list',
		[one, one],
		'[{"f": {"num":1,"_placeholder":true}},{"_placeholder":true,"num":0}]',
	],
	['[{"_placeholder":true,"num":0}]', 'list', [], '[{"_placeholder":true,"num":0}]'],
];
for (const [payload, as, attachments, list, count = attachments.length] of args)
	test(`arguments: ${payload} as ${as} with ${attachments.length}`, () => {
		const found = toArguments(Buffer.from(payload), as, attachments);
		assert.equal(Buffer.from(found.list).toString(), list);
		assert.equal(found.attachments.length, count);
	});

test('arguments: what is no list of arguments is refused', () => {
	assert.throws(() => toArguments(Buffer.from('hello'), 'list', []), /not JSON/);
	assert.throws(() => toArguments(Buffer.of(0xff), 'text', []), /not valid UTF-8/);
	assert.throws(() => toArguments(Buffer.from('[{"_placeholder":true,"num":1}]'), 'list', [one]), /attachment 1/);
});

test('meta: id and attachments are kept', () => {
	for (const [id, attachments] of [
		['123456789012345678901', [Buffer.of(1, 2), Buffer.alloc(0), Buffer.alloc(300, 3)]],
		[undefined, [Buffer.of(9)]],
		['0', []],
	] as const) {
		const meta = decodeMeta(encodeMeta(id, attachments));
		assert.equal(meta.ackId, id);
		assert.deepEqual(
			meta.attachments.map((part) => Buffer.from(part)),
			[...attachments],
		);
	}
	assert.equal(encodeMeta(undefined, []), undefined);
});

test('an event is sent again with its list and its attachments', () => {
	const attachments = [Buffer.of(0xff, 0), Buffer.from('text')];
	const list = '[{"_placeholder":true,"num":1},1.0,{"_placeholder":true,"num":0}]';
	const logged = { target: 'a', payload: Buffer.from(list), flags: 0, meta: encodeMeta(undefined, attachments) };
	const again = files.resend?.(logged);
	assert.equal(again?.verb, 'emit');
	const values = again?.values.attachments as { format: string; text: string }[];
	assert.deepEqual(values, [
		{ format: 'hex', text: 'ff 00' },
		{ format: 'text', text: 'text' },
	]);
	assert.deepEqual(files.resend?.({ ...logged, flags: sioFlag.volatile }).values.volatile, true);
	const parts = socketio.parts?.(0, logged.meta) ?? [];
	assert.deepEqual(
		parts.map(({ id, label, bytes }) => [id, label, Buffer.from(bytes).toString('hex')]),
		[
			['attachment-0', 'Attachment 0', 'ff00'],
			['attachment-1', 'Attachment 1', '74657874'],
		],
	);
});
