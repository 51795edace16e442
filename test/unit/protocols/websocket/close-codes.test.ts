import assert from 'node:assert/strict';
import test from 'node:test';
import { closeWords } from '../../../../src/model/text/close-words';
import { peerText } from '../../../../src/protocols/shared/peer-text';
import { websocket } from '../../../../src/protocols/websocket/describe/describe';
import { wsFlag } from '../../../../src/protocols/websocket/describe/flags';
import { grouping } from '../../../../src/protocols/websocket/grouping';
import { closedByServer } from '../../../../src/protocols/websocket/wire/close-codes';

const codes: [number, RegExp, string, boolean][] = [
	[1000, /1000, normal closure/, 'closed-by-server', false],
	[1001, /1001, going away/, 'closed-by-server', false],
	[1005, /without a code/, 'closed-by-server', false],
	[1008, /1008, policy violation/, 'closed-by-server', true],
	[1012, /1012, service restart/, 'closed-by-server', false],
	[3000, /3000, unauthorized/, 'credentials-refused', true],
	[4401, /4401, probably: unauthorized/, 'credentials-refused', true],
	[4403, /4403, probably: forbidden/, 'credentials-refused', true],
	[4409, /4409, probably: conflict/, 'closed-by-server', true],
	[4999, /4999, a code of this server/, 'closed-by-server', false],
	[2500, /2500, a code without a registered meaning/, 'closed-by-server', false],
];
for (const [code, message, name, final] of codes)
	test(`close code ${code}`, () => {
		const failure = closedByServer(code, '');
		assert.match(failure.message, message);
		assert.deepEqual([failure.code, failure.final === true], [name, final]);
	});

test('close: the reason is evidence, and what would act on a terminal or a reader is shown', () => {
	const failure = closedByServer(4000, '\u001b[31mred \u202egnp.exe <img src=x>');
	assert.equal(failure.evidence, 'Reason given by the server: \\u{1b}[31mred \\u{202e}gnp.exe <img src=x>');
	assert.doesNotMatch(failure.message, /red/);
	assert.equal(closeWords(1006), '1006, no close frame');
});

test('text of the peer: cut, line breaks kept only where they are wanted', () => {
	assert.equal(peerText('x'.repeat(20), { most: 10 }), `${'x'.repeat(10)}…`);
	assert.equal(peerText('a\nb'), 'a\\u{a}b');
	assert.equal(peerText('a\nb\u001b', { lines: true }), 'a\nb\\u{1b}');
});

const groups: [string | undefined, string, string][] = [
	[undefined, '{"type":"a"}', 'messages'],
	['type', '{"type":"a"}', 'a'],
	['type', '{"type":7}', '7'],
	['type', '{"type":true}', 'true'],
	['type', '{"type":0.10}', '0.1'],
	['data.type', '{"data":{"type":1724442618569203715}}', '1724442618569203715'],
	['type', '{"type":1724442618569203714}', '1724442618569203714'],
	['type', '{"type":-1e400}', '-1e400'],
	['type', `{"type":0.5,"x":${'['.repeat(2000)}${']'.repeat(2000)}}`, '0.5'],
	['type', '{"type":""}', '(no type)'],
	['type', '{"type":{}}', '(no type)'],
	['type', '{"kind":"a"}', '(no type)'],
	['type', 'not json', '(no type)'],
	['type', '[1]', '(no type)'],
	['type', ' \n\t{"type":"a"}', 'a'],
	['type', '', '(no type)'],
	['data.type', '{"data":{"type":"deep"}}', 'deep'],
	['__proto__', '{}', '(no __proto__)'],
	['toString.name', '{}', '(no toString.name)'],
	['type', '{"type":"__proto__"}', '__proto__'],
];
for (const [field, payload, group] of groups)
	test(`grouping ${payload} by ${field}`, () => assert.equal(grouping(field)(Buffer.from(payload), false), group));

test('grouping: depth, length and bytes that are no text cost nothing', () => {
	const by = grouping('type');
	assert.equal(by(Buffer.from('['.repeat(100_000)), false), '(no type)');
	assert.equal(by(Buffer.from(`{"type":"a","x":"${'x'.repeat(1024 * 1024)}"}`), false), '(no type)');
	assert.equal(by(Buffer.of(0xff, 0xfe), true), '(no type)');
	assert.equal(by(Buffer.from(`{"type":"${'x'.repeat(1000)}"}`), false).length, 200);
});

test('describe: the type of each frame', () => {
	const [column] = websocket.columns;
	const types = [0, wsFlag.binary, wsFlag.ping, wsFlag.pong, wsFlag.ping | 1].map((flags) => column?.text(flags));
	assert.deepEqual(types, ['text', 'binary', 'ping', 'pong', 'ping']);
	assert.equal(websocket.properties(wsFlag.binary, undefined)[0]?.value, 'Binary');
});
