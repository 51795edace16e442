import assert from 'node:assert/strict';
import test from 'node:test';
import { toFailure } from '../../../src/base/failure';
import type { Profile } from '../../../src/model/profile/profile';
import { resolveProfile, risksOf, secretFields } from '../../../src/model/profile/resolve';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';

const profile: Profile = { id: 'a', name: 'A', protocol: 'mqtt', url: 'mqtts://broker' };
const open = (text: string) => text.replaceAll('#{', '$' + '{');
const variables = {
	env: (name: string) => ({ HOST: 'broker', PORT: '1884', USER: 'me', TOPIC: 'a/#', BAD: 'a#' })[name],
	workspaceFolder: () => '/folder',
};
const resolve = (more: Record<string, unknown>) => resolveProfile({ ...profile, ...more }, mqtt, variables);

test('defaults are filled in, variables replaced, unset fields stay unset', () => {
	const { profile: ready, origin } = resolve({
		url: open('mqtt://#{env:HOST}:#{env:PORT}'),
		username: open('#{env:USER}'),
		clientId: '',
		subscriptions: [{ target: open('#{env:TOPIC}') }],
	});
	assert.equal(ready.url, 'mqtt://broker:1884');
	assert.equal(origin, 'mqtt://broker:1884');
	assert.equal(ready.values.username, 'me');
	assert.equal(ready.values.cleanStart, true);
	assert.equal(ready.values.clientId, undefined);
	assert.equal(ready.subscriptions[0]?.target, 'a/#');
	assert.equal(ready.subscriptions[0]?.qos, 0);
});

test('fields of a group that does not apply are left out', () => {
	const tls = { tls: { verify: false, ca: open('#{workspaceFolder}/ca.pem') } };
	assert.equal(resolve(tls).profile.values['tls.ca'], '/folder/ca.pem');
	assert.equal(resolve(tls).profile.values['tls.verify'], false);
	assert.equal(resolve({ ...tls, url: 'mqtt://broker' }).profile.values['tls.verify'], undefined);
});

test('no secret is among the values, even if one stands in the settings', () => {
	assert.equal(resolve({ password: 'canary' }).profile.values.password, undefined);
	assert.doesNotMatch(JSON.stringify(resolve({ password: 'canary' })), /canary/);
});

for (const [what, more, code, message] of [
	['a wrong type', { keepalive: 'x' }, 'bad-field', /Keep alive.*number/],
	['a value out of range', { keepalive: -1 }, 'bad-field', /Keep alive.*between 0 and 65535/],
	['an unset variable', { username: '#{env:NOBODY}' }, 'unset-variable', /User name.*NOBODY/],
	['an unset variable in the URL', { url: 'mqtt://#{env:NOBODY}' }, 'unset-variable', /URL.*NOBODY/],
	['a bad URL', { url: 'x' }, 'bad-url', /must start with/],
	['a URL with a password', { url: 'mqtt://u:canary@h' }, 'url-password', /URL/],
	['a bad subscription by a variable', { subscriptions: [{ target: '#{env:BAD}' }] }, 'bad-field', /a#/],
] as const)
	test(`${what} is one failure that names the field`, () => {
		const given = JSON.parse(open(JSON.stringify(more)));
		assert.throws(
			() => resolve(given),
			(error) => {
				const failure = toFailure(error);
				assert.equal(failure.code, code);
				assert.match(failure.message, message);
				assert.doesNotMatch(JSON.stringify(failure), /canary/);
				return true;
			},
		);
	});

for (const [what, more, keys] of [
	['nothing', {}, []],
	['verification off', { tls: { verify: false } }, ['tls.verify']],
	['verification off without TLS', { url: 'mqtt://h', tls: { verify: false } }, []],
	['a raised limit', { maxMessageBytes: 100_000_000 }, ['maxMessageBytes']],
	['a lowered limit', { maxMessageBytes: 4096 }, []],
	['an environment variable', { username: '#{env:USER}' }, ['env']],
	['one in a subscription', { subscriptions: [{ target: '#{env:TOPIC}' }] }, ['env']],
] as const)
	test(`a workspace needs approval for ${what}: ${keys.join(', ') || 'no'}`, () => {
		const given: Profile = { ...profile, ...JSON.parse(open(JSON.stringify(more))) };
		assert.deepEqual(
			risksOf(given, resolveProfile(given, mqtt, variables), mqtt).map(({ key }) => key),
			keys,
		);
	});

test('secret fields are those that apply', () => {
	const keys = (url: string) => secretFields(resolve({ url }), mqtt).map(({ key }) => key);
	assert.deepEqual(keys('mqtt://h'), ['password']);
	assert.deepEqual(keys('mqtts://h'), ['password', 'tls.passphrase']);
});
