import assert from 'node:assert/strict';
import test from 'node:test';
import { configuredNames, createRedactor, redact, redactFailure, redactSentence } from '../../../src/model/text/redact';
import { peerText } from '../../../src/protocols/shared/peer-text';

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
	[`?access_token=${canary}&x=1, client-secret: ${canary}`, '?access_token=•••&x=1, client-secret: •••'],
	[`mqtt//u:${canary}@x`, 'mqtt//•••@x'],
	[`mqtt:///u:${canary}@x`, 'mqtt:///•••@x'],
	[`mqtt://u:a/${canary}@host`, 'mqtt://•••@host'],
	[`mqtt://u:a#${canary}@b@host`, 'mqtt://•••@host'],
	[`mqtt://u:a?${canary}@host`, 'mqtt://•••@host'],
	['xmpp:ann@example.org and ann@example.org', 'xmpp:ann@example.org and ann@example.org'],
	['mqtt://[fe80::1%25eth0]:1883/a@b', 'mqtt://[fe80::1%25eth0]:1883/a@b'],
	['ws://host:80/a@b, ws://host/a:b@c', 'ws://host:80/a@b, ws://host/a:b@c'],
	[`the password '${canary}' is wrong`, 'the password ••• is wrong'],
	['Bad user name or password', 'Bad user name or password'],
	['CONNACK 135: not authorized', 'CONNACK 135: not authorized'],
] as const)
	test(`without knowing the secret: ${text.slice(0, 40)}`, () => assert.equal(redact(text), expected));

for (const [text, expected] of [
	[`mqtt:/u:${canary}@x`, '•••@x'],
	[`no "u:${canary}@x:1883" here`, 'no "•••@x:1883" here'],
	[`WS u:${canary}@x/a`, 'WS •••@x/a'],
	[`mqtt://u:${canary}@x`, 'mqtt://•••@x'],
	[`WS ws://u:${canary}`, 'WS ws://u:•••'],
	[
		'WS ws://h:80/a, ws://{{h}}:{{p}}/a, ws://[::1]:8/a at ws://h:81',
		'WS ws://h:80/a, ws://{{h}}:{{p}}/a, ws://[::1]:8/a at ws://h:81',
	],
	['GET /a at 12:30, xmpp:ann@example.org', 'GET /a at 12:30, xmpp:ann@example.org'],
] as const)
	test(`in a sentence of our own: ${text.slice(0, 40)}`, () => assert.equal(redactSentence(text), expected));

test('what a payload says stays', () =>
	assert.equal(redact('{"to":"urn:x:ann@example.org"}'), '{"to":"urn:x:ann@example.org"}'));

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

for (const secret of ['s3cr', canary, 'p@ss "wörd"/ü+&', 'sixteen-letters!', 'кодовое-слово', 'a\tb\u200bc1', 'xyzzy'])
	for (const user of ['ann', 'a', ''])
		test(`a refusal that repeats ${JSON.stringify(secret)} of ${JSON.stringify(user)} in any form shows nothing of it`, () => {
			const clean = createRedactor([secret], [user, 'a name']);
			const base64 = (text: string, form: 'base64' | 'base64url' = 'base64') => Buffer.from(text).toString(form);
			const forms = [
				secret,
				encodeURIComponent(secret),
				encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase()),
				new URLSearchParams({ x: secret }).toString().slice(2),
				JSON.stringify(secret).slice(1, -1),
				secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
				peerText(secret),
				Buffer.from(secret).toString('hex'),
				Buffer.from(secret).toString('hex').toUpperCase(),
				base64(secret),
				base64(secret, 'base64url'),
				base64(`${user}:${secret}`),
				base64(`\0${user}\0${secret}`),
				base64(`${user}\0${user}\0${secret}`),
			];
			for (const form of new Set(forms))
				for (const [before, after] of [
					['bad ', '.'],
					['"', '"'],
					["for 'x' with '", "'"],
					['(', ')'],
					['x=', ';y'],
				])
					assert.equal(clean(`${before}${form}${after}`), `${before}•••${after}`, form);
		});

for (const [password, names, text, expected = text] of [
	// A word that contains the password, and a name that the user has chosen.
	['lim', ['limited'], "refused for user 'limited'"],
	['lim', [], "refused for user 'limited' in lim-its, lim.its and un_lim"],
	['lim', ['lim-ited'], "refused for user 'lim-ited', not lim", "refused for user 'lim-ited', not •••"],
	[
		'hunter22',
		['admin-hunter22'],
		"user 'admin-hunter22' has the password hunter22",
		"user 'admin-hunter22' has the password •••",
	],
	['limbo', ['limbo'], "user 'limbo' and limbo"],
	['limbo', ['limbo'], "user 'limbo' and password=limbo", "user 'limbo' and password=•••"],
	// Within another word, the whole word goes: dots in it would show where the password stands.
	['hunter22', [], 'token xhunter22y-z!', 'token •••!'],
	// Ordinary words.
	['guest', ['guest'], "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN for user 'guest'"],
	['refused', [], 'The server refused the login of the user "ann".'],
	['Password', [], 'Bad user name or password'],
	['password', [], 'the password field, password: password', 'the password field, password: •••'],
	['orders', [], "no queue 'orders' in vhost '/'"],
	['test', [], 'dGVzdA== is 74657374', '••• is •••'],
	['a', [], 'a message that a peer sent'],
	['cat', [], 'the cat sat', 'the ••• sat'],
	['42', [], 'pin 42, 142', 'pin •••, 142'],
	// Cut in the middle of it.
	['correct-horse-battery', [], 'said correct-horse…', 'said •••…'],
	['correct-horse-battery', [], 'said correctly…'],
	['swordfish', [], 'password swordf…', 'password •••…'],
	['swordfish', [], 'a longsword…'],
] as [string, string[], string, string?][])
	test(`the password ${password}: ${text.slice(0, 60)}`, () => {
		assert.equal(createRedactor([password], names)(text), expected);
	});

test('one secret within another and several at once leave no rest', () => {
	assert.equal(
		createRedactor(['s3cret-1', 's3cret-1-long', 'other-2'])('a s3cret-1-long b s3cret-1 other-2'),
		'a ••• b ••• •••',
	);
	assert.equal(createRedactor(['ab1-ab1-ab1'])('ab1-ab1-ab1-ab1-ab1'), '•••');
});

test('the names of a connection are what it shows elsewhere, and no header', () => {
	const profile = {
		...{ id: 'i', name: 'Plant', protocol: 'websocket', url: 'ws://host:80/ann/b?token=t' },
		values: { username: 'ann', headers: [['X-Key', 'k']] as [string, string][], keepAlive: 30, tls: true },
		subscriptions: [{ target: 'a/#' }],
	};
	assert.deepEqual(configuredNames(profile), ['Plant', 'host:80', 'ann', 'b', 'ann', '30', 'a/#']);
});

test('a failure is cleaned in message and evidence, and keeps the rest', () => {
	const failure = redactFailure(
		{ code: 'x', message: `no ${canary}`, evidence: `said ${canary}`, remedy: { text: 'again' }, final: true },
		createRedactor([canary]),
	);
	assert.deepEqual(failure, {
		code: 'x',
		message: 'no •••',
		evidence: 'said •••',
		remedy: { text: 'again' },
		final: true,
	});
});

test('no text takes long', () => {
	for (const part of [
		'a',
		'a://b:c',
		'=a:',
		'password: ',
		'token="',
		'canary-Pa',
		canary,
		`${canary} `,
		'…cana',
		'basic ',
		':',
	])
		assert.ok(redactSentence(createRedactor([canary], [canary + canary])(part.repeat(50_000))).length > 0);
});
