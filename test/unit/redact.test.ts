import assert from 'node:assert/strict';
import test from 'node:test';
import { redact, redactFailure } from '../../src/model/redact';

const canary = 'canary-Pa55word';

for (const [text, expected] of [
	[`connect mqtt://user:${canary}@host:1883 failed`, 'connect mqtt://•••@host:1883 failed'],
	[`mqtt://${canary}@host`, 'mqtt://•••@host'],
	[`mqtt://u:a@${canary}@host/x`, 'mqtt://•••@host/x'],
	['mqtt://host/a@b', 'mqtt://host/a@b'],
	[`Authorization: Bearer ${canary}`, 'Authorization: Bearer •••'],
	[`authorization: Basic ${btoa(canary)}`, 'authorization: Basic •••'],
	[`{"password":"${canary}","x":1}`, '{"password":•••,"x":1}'],
	[`password=${canary}&x=1`, 'password=•••&x=1'],
	[`passphrase: '${canary}'`, 'passphrase: •••'],
	[`?token=${canary}`, '?token=•••'],
	['Bad user name or password', 'Bad user name or password'],
	['CONNACK 135: not authorized', 'CONNACK 135: not authorized'],
] as const)
	test(`without knowing the secret: ${text.slice(0, 40)}`, () => assert.equal(redact(text), expected));

const secret = 'p@ss "wörd"/ü';
for (const [form, text] of [
	['as it is', secret],
	['percent-encoded', encodeURIComponent(secret)],
	['in JSON', JSON.stringify(secret)],
	['in base64', Buffer.from(secret).toString('base64')],
	['in hexadecimal', Buffer.from(secret).toString('hex')],
] as const)
	test(`a known secret ${form} leaves no trace`, () => {
		const clean = redact(`before ${text} after`, [secret]);
		assert.ok(!clean.includes(text), clean);
		assert.match(clean, /^before .*after$/);
	});

test('a secret of three letters does not blank out the language', () => {
	assert.equal(redact('the cat sat', ['cat']), 'the cat sat');
});

test('a failure is cleaned in message and evidence, and keeps the rest', () => {
	const failure = redactFailure(
		{ code: 'x', message: `no ${canary}`, evidence: `said ${canary}`, remedy: { text: 'again' }, final: true },
		[canary],
	);
	assert.deepEqual(failure, {
		code: 'x',
		message: 'no •••',
		evidence: 'said •••',
		remedy: { text: 'again' },
		final: true,
	});
});
