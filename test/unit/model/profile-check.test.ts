import assert from 'node:assert/strict';
import test from 'node:test';
import { checkList, checkProfile } from '../../../src/model/profile/check';
import { descriptions } from '../../../src/protocols/descriptions';

const good = { id: 'a', name: 'A', protocol: 'mqtt', url: 'mqtt://localhost' };
const open = (text: string) => text.replaceAll('#{', '$' + '{');

/** What is wrong, as "code at.path"; warnings with a question mark. */
const found = (entry: unknown) =>
	checkProfile(entry, descriptions).map(({ code, path, severity }) =>
		`${code}${severity === 'warning' ? '?' : ''} ${path.join('.')}`.trim(),
	);

const cases: [string, unknown, string[]][] = [
	['a good one', good, []],
	['fields, nested and not', { ...good, clientId: 'x', tls: { verify: false }, will: { topic: 't', qos: 1 } }, []],
	['common members', { ...good, color: 'red', secrets: ['password'], subscriptions: [{ target: 'a/#', qos: 1 }] }, []],
	['not an object', 'mqtt://localhost', ['wrong-type']],
	['null', null, ['wrong-type']],
	['a list', [], ['wrong-type']],
	['empty', {}, ['missing', 'missing', 'missing', 'missing']],
	['an empty id', { ...good, id: ' ' }, ['missing id']],
	['a number as name', { ...good, name: 5 }, ['wrong-type name']],
	['an unknown protocol', { ...good, protocol: 'semaphore' }, ['unknown-protocol protocol']],
	['a misspelt protocol', { ...good, protocol: 'mqqt' }, ['unknown-protocol protocol']],
	['another scheme', { ...good, url: 'http://x' }, ['bad-url url']],
	['port 70000', { ...good, url: 'mqtt://x:70000' }, ['bad-url url']],
	['a password in the URL', { ...good, url: 'mqtt://u:p@x' }, ['url-password url']],
	['a user in the URL', { ...good, url: 'mqtt://u@x' }, ['url-password url']],
	['a variable as URL', { ...good, url: open('#{env:URL}') }, []],
	['variables in the URL', { ...good, url: open('mqtt://#{env:HOST}:#{env:PORT}') }, []],
	['keepalive as text', { ...good, keepalive: '60' }, ['wrong-type keepalive']],
	['keepalive out of range', { ...good, keepalive: 70_000 }, ['wrong-type keepalive']],
	['a fraction where a whole number is', { ...good, keepalive: 1.5 }, ['wrong-type keepalive']],
	['a boolean as text', { ...good, tls: { verify: 'no' } }, ['wrong-type tls.verify']],
	['an unknown choice', { ...good, mqttVersion: '4' }, ['wrong-type mqttVersion']],
	['a group that is no object', { ...good, tls: true }, ['wrong-type tls']],
	['pairs that are none', { ...good, userProperties: [['a']] }, ['wrong-type userProperties']],
	['a secret in the settings', { ...good, password: 'x' }, ['secret-in-settings password']],
	['a nested secret in the settings', { ...good, tls: { passphrase: 'x' } }, ['secret-in-settings tls.passphrase']],
	['a misspelt field', { ...good, cleanStrat: true }, ['unknown-field? cleanStrat']],
	['a misspelt nested field', { ...good, tls: { verfy: true } }, ['unknown-field? tls.verfy']],
	['a field of a later version', { ...good, hologram: {} }, ['unknown-field? hologram']],
	[
		'a member called __proto__',
		JSON.parse('{"__proto__":1,"id":"a","name":"A","protocol":"mqtt","url":"mqtt://x"}'),
		['unknown-field? __proto__'],
	],
	['subscriptions that are no list', { ...good, subscriptions: 'a' }, ['wrong-type subscriptions']],
	['a subscription without target', { ...good, subscriptions: [{}] }, ['wrong-type subscriptions.0']],
	[
		'a subscription to a#',
		{ ...good, subscriptions: [{ target: 'ok' }, { target: 'a#' }] },
		['bad-target subscriptions.1.target'],
	],
	[
		'checks of all kinds',
		{
			...good,
			checks: [
				{ target: 'commands/#', nonce: 'nonce', timestamp: 'at', window: '30s' },
				{ target: 'sensors/#', sequence: 'data.seq', by: 'header Device' },
			],
		},
		[],
	],
	['checks that are no list', { ...good, checks: {} }, ['wrong-type checks']],
	['a check of nothing', { ...good, checks: [{ target: 'a' }, 5] }, ['bad-check checks.0', 'bad-check checks.1']],
	[
		'a check with mistakes',
		{ ...good, checks: [{ nonce: 5, window: '30', target: 'a/#/b' }] },
		['bad-check checks.0.nonce', 'bad-check checks.0.window', 'bad-check checks.0.target'],
	],
	[
		'a misspelt member of a check',
		{ ...good, checks: [{ nonse: 'n', nonce: 'n' }] },
		['unknown-field? checks.0.nonse'],
	],
	['QoS 3', { ...good, subscriptions: [{ target: 'a', qos: 3 }] }, ['wrong-type subscriptions.0.qos']],
];

for (const [what, entry, expected] of cases) test(what, () => assert.deepEqual(found(entry), expected));

test('a misspelt name says what was probably meant', () => {
	const meant = (entry: unknown) => checkProfile(entry, descriptions)[0]?.meant;
	assert.equal(meant({ ...good, cleanStrat: true }), 'cleanStart');
	assert.equal(meant({ ...good, tls: { verfy: true } }), 'tls.verify');
	assert.equal(meant({ ...good, protocol: 'mqqt' }), 'mqtt');
	assert.equal(meant({ ...good, hologram: 1 }), undefined);
});

test('good entries of a list work beside broken ones, and the second of two equal ids is the broken one', () => {
	const list = [good, 5, { ...good, name: 'B' }, { ...good, id: 'b', clientID: 'x' }, { id: 'c' }];
	const checked = checkList(list, descriptions);
	assert.deepEqual(
		checked.map(({ ok }) => ok),
		[true, false, false, true, false],
	);
	assert.equal(checked[2]?.problems[0]?.code, 'duplicate-id');
});

test('an id that another file uses is taken', () => {
	const taken = new Set<string>();
	assert.equal(checkList([good], descriptions, taken)[0]?.ok, true);
	assert.equal(checkList([good], descriptions, taken)[0]?.ok, false);
});

test('what is no list holds nothing', () => {
	for (const list of [undefined, null, {}, 'x', 5]) assert.deepEqual(checkList(list, descriptions), []);
});
